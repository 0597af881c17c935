package io.myelin.contracts.room;

import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import java.util.List;
import java.util.Optional;

/**
 * What room-server tells of a room's graph of events to those who speak with other servers. Every answer is one snapshot.
 * Server-server API, "PDUs", "Retrieving events".
 */
public interface RoomGraphQueries {

    /** The events that no other comes after yet. */
    List<EventId> forwardExtremities(RoomId room);

    /**
     * A state, by the IDs of its events.
     *
     * @param authChain of all events of the state, without those that are part of the state
     */
    record StateIds(List<EventId> state, List<EventId> authChain) {}

    /** The state before an event; empty if there is no such event in the room, or its state is not known. */
    Optional<StateIds> stateBefore(RoomId room, EventId event);
}
