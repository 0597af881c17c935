package io.myelin.matrix.resolution;

import io.myelin.matrix.id.EventId;
import io.myelin.matrix.state.StateMap;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The events of a room, as state resolution asks for them: a handful of questions in all, each about many events, so that
 * storage can answer with one query or from bitmaps. What is asked for is in proportion to the conflict, not to the room.
 *
 * <p>Auth chains have in here the events they are the chains of. The specification counts an event out of its own chain,
 * but servers count the events of a state into the state's chain, and it makes a difference: an event that all states have
 * is then in no auth difference, even if one state alone has events that cite it.
 */
public interface ResolutionEvents {
    /** Those of these events that are known, rejected ones too. */
    Map<EventId, ReceivedEvent> load(Collection<EventId> ids);

    /**
     * The auth difference of several states: the events that are in the auth chain of one state, but not of all. Room
     * versions, "Auth difference".
     *
     * @param unconflicted what all of the states have
     * @param conflicted of each state, the events it has besides
     */
    Set<EventId> authDifference(StateMap<EventId> unconflicted, List<Set<EventId>> conflicted);

    /**
     * The events on all paths along {@code auth_events} from one of these events to another, these events too. Room
     * version 12, "Conflicted state subgraph".
     */
    Set<EventId> conflictedSubgraph(Set<EventId> conflicted);

    /**
     * Of each of these {@code m.room.power_levels} events the one among its auth events, of that one the next, and so on
     * to the first of the room, which is no key.
     */
    Map<EventId, EventId> previousPowerLevels(Collection<EventId> powerLevels);
}
