package io.myelin.contracts.room;

import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import java.util.List;
import java.util.Optional;

/**
 * Queries about a room's event graph, for services that speak with other servers. Every answer is one snapshot.
 * Server-server API, "PDUs", "Backfilling and retrieving missing events", "Retrieving events".
 *
 * <p>An answer for a server has what that server may see. A server that the room's {@code m.room.server_acl} denies gets
 * nothing. A server that has a member in the room now gets the events that history visibility and its users' memberships at
 * the time permit, and the other events of the graph in their redacted form. A server that no longer has a member gets only
 * the events at which it had one. Redacted events are pruned in every answer.
 */
public interface RoomGraphQueries {

    /** How many bodies {@link #pdus} gives at once. */
    int MOST_PDUS = 500;

    /** How many events {@link #missingEvents} gives at once. */
    int MOST_MISSING = 50;

    /** How many events {@link #backfill} gives at once. */
    int MOST_BACKFILLED = 100;

    /** How many events a walk may begin or end at; further ones are ignored. */
    int MOST_ENDS = 100;

    /** How many events are examined for one answer. The answer is shorter if many of them may not be served. */
    int MOST_WALKED = 1_000;

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

    /** Whether a server has a member in the room now and the room's ACL does not deny it. */
    boolean takesPart(RoomId room, ServerName server);

    /**
     * {@code /state_ids}, and with {@link #pdus} {@code /state}: the state before an event. The answer has the whole state,
     * however large and whatever the server may see of it, since part of a state cannot be used for checks.
     */
    Optional<StateIds> stateIds(RoomId room, ServerName server, EventId event);

    /**
     * {@code /event_auth}: the whole auth chain of an event, without the event, in no order and whatever the server may see
     * of it. In version 12 it includes the create event, which no event cites.
     */
    Optional<List<EventId>> authChain(RoomId room, ServerName server, EventId event);

    /**
     * The auth difference of the states after these events: the events that are in the auth chains of some of the states,
     * but not of all. Room version 2, "Auth difference"; a state's auth chain includes the state's own events. In no order;
     * empty if one of the events is not in the room, or the state after it is not known.
     */
    Optional<List<EventId>> authDifference(RoomId room, List<EventId> events);

    /**
     * The bodies of events of a state or an auth chain, in this order and without unknown events. The caller has checked
     * that the server that asks may have them.
     *
     * @param events at most {@value #MOST_PDUS}; further ones are ignored
     */
    List<byte[]> pdus(RoomId room, List<EventId> events);

    /**
     * {@code /event}: an event that the server may see, whatever its standing. It is not known who could see an outlier, so
     * an outlier is served only if it is part of the state and the server takes part in the room.
     */
    Optional<byte[]> event(ServerName server, EventId event);

    /**
     * The part of the graph between the events that a server has and later ones.
     *
     * @param earliest where the walk ends; not in the answer
     * @param latest where it begins; not in the answer
     * @param limit how many events are wanted; at most {@value #MOST_MISSING} are given
     * @param minDepth the least depth of the events that the walk reaches
     */
    record Gap(List<EventId> earliest, List<EventId> latest, int limit, long minDepth) {}

    /**
     * {@code /get_missing_events}: the events that a breadth-first walk from the latest ones reaches first, oldest first.
     * Soft-failed events are among them, since other servers may have accepted them; the walk passes through rejected
     * events without returning them.
     */
    List<byte[]> missingEvents(RoomId room, ServerName server, Gap gap);

    /**
     * {@code /backfill}: these events and the deepest of those before them, deepest first. Soft-failed events are among
     * them; the walk passes through rejected events without returning them.
     *
     * @param limit how many events are wanted; at most {@value #MOST_BACKFILLED} are given
     */
    List<byte[]> backfill(RoomId room, ServerName server, List<EventId> from, int limit);

    /**
     * The events at or before a place whose {@code prev_events} name events that have no place here. Other servers can be
     * asked for the history before them.
     *
     * @return newest first
     */
    List<EventId> backwardExtremities(RoomId room, RoomPlace from, int limit);

    /** @param originServerTs milliseconds since the epoch, by the clock of the sender's server */
    record EventAt(EventId event, long originServerTs) {}

    /**
     * {@code /timestamp_to_event}: the event nearest to a time that the server may see. Only the few hundred events around
     * the place where the room's history passes that time are examined, so an event whose sender's clock was far off is not
     * found.
     *
     * @param forward whether to search for an event at or after the time, instead of at or before it
     */
    Optional<EventAt> nearest(RoomId room, ServerName server, long timestamp, boolean forward);
}
