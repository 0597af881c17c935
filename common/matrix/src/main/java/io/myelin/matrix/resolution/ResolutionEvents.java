package io.myelin.matrix.resolution;

import io.myelin.matrix.id.EventId;
import io.myelin.matrix.state.StateMap;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The events of a room, as state resolution asks for them. It asks only a few questions, each about many events, so that
 * storage can answer with one query or from bitmaps. The questions grow with the conflict, not with the room.
 *
 * <p>Auth chains here include the events that they belong to. The specification excludes an event from its own chain, but
 * servers include the events of a state in the state's chain. It makes a difference: an event that all states have is then
 * in no auth difference, even if only one state has events that cite it.
 */
public interface ResolutionEvents {
    /** The known events among these, rejected ones too. */
    Map<EventId, ReceivedEvent> load(Collection<EventId> ids);

    /**
     * The auth difference of several states: the events that are in the auth chain of one state, but not of all. Room
     * versions, "Auth difference".
     *
     * @param unconflicted the events that all of the states have
     * @param conflicted for each state, its further events
     */
    Set<EventId> authDifference(StateMap<EventId> unconflicted, List<Set<EventId>> conflicted);

    /**
     * The events on all paths along {@code auth_events} from one of these events to another, these events too. Room
     * version 12, "Conflicted state subgraph".
     */
    Set<EventId> conflictedSubgraph(Set<EventId> conflicted);

    /**
     * For each of these {@code m.room.power_levels} events, the one among its auth events; likewise for that one, and so on
     * to the room's first, which is not a key.
     */
    Map<EventId, EventId> previousPowerLevels(Collection<EventId> powerLevels);
}
