package io.myelin.contracts.room;

import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import java.util.List;
import java.util.Optional;

/**
 * What room-server tells of a room's graph of events to those who speak with other servers. Every answer is one snapshot.
 * Server-server API, "PDUs", "Backfilling and retrieving missing events", "Retrieving events".
 *
 * <p>What is asked for a server is answered as that server may know it. One that the room's {@code m.room.server_acl} denies
 * gets nothing. One that has a member in the room now gets what it sees, by history visibility and by what its users were in
 * the room when an event was sent, and of the graph's other events what a redaction leaves. One that has no member any more
 * gets the events at which it had one, and no others. What was redacted reads so for everybody.
 */
public interface RoomGraphQueries {

    /** How many bodies {@link #pdus} gives at once. */
    int MOST_PDUS = 500;

    /** How many events {@link #missingEvents} gives at once. */
    int MOST_MISSING = 50;

    /** How many events {@link #backfill} gives at once. */
    int MOST_BACKFILLED = 100;

    /** How many events a walk may begin or end at; what is named beyond is passed over. */
    int MOST_ENDS = 100;

    /** How many events are looked at for one answer, which is shorter then, since a room may be full of what is not served. */
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

    /** Whether a server has a member in the room now and no ACL against it: whether to tell it that it is forbidden to ask. */
    boolean takesPart(RoomId room, ServerName server);

    /**
     * {@code /state_ids}, and with {@link #pdus} {@code /state}: the state before an event, whole, whatever the server sees of
     * it, since nothing can be checked by a part of a state. As long as the state is.
     */
    Optional<StateIds> stateIds(RoomId room, ServerName server, EventId event);

    /**
     * {@code /event_auth}: all that an event rests on, itself not included, and in version 12 with the create event that no
     * event cites. In no order; whole, whatever the server sees of it.
     */
    Optional<List<EventId>> authChain(RoomId room, ServerName server, EventId event);

    /**
     * What the states after these events disagree about: events that are in some of the states or in what they rest on, but
     * not of all of them. Room version 2, "Auth difference", where a state's auth chain has the state's events in it. In no
     * order; empty if there is an event that is not in the room, or the state after which is not known.
     */
    Optional<List<EventId>> authDifference(RoomId room, List<EventId> events);

    /**
     * The bodies of events of a state or of an auth chain that somebody may have, in this order and without those that are
     * not known. It is not asked again who wants them.
     *
     * @param events at most {@value #MOST_PDUS}; what is named beyond is passed over
     */
    List<byte[]> pdus(RoomId room, List<EventId> events);

    /**
     * {@code /event}: an event that the server sees, whatever its standing. An outlier, of which nobody can say who saw it,
     * only if it is of the state and the server takes part.
     */
    Optional<byte[]> event(ServerName server, EventId event);

    /**
     * What lies between the events that a server has and later ones.
     *
     * @param earliest where the walk ends; not in the answer
     * @param latest where it begins; not in the answer
     * @param limit at most {@value #MOST_MISSING} is given, whatever it says
     * @param minDepth of the events that are walked to
     */
    record Gap(List<EventId> earliest, List<EventId> latest, int limit, long minDepth) {}

    /**
     * {@code /get_missing_events}: the events nearest to the latest ones by breadth, oldest first. Events that
     * failed softly here are among them, since others may have accepted them; rejected ones are walked through.
     */
    List<byte[]> missingEvents(RoomId room, ServerName server, Gap gap);

    /**
     * {@code /backfill}: these events and the deepest of those before them, deepest first. Events that failed softly
     * here are among them; rejected ones are walked through.
     *
     * @param limit at most {@value #MOST_BACKFILLED} are given, whatever it says
     */
    List<byte[]> backfill(RoomId room, ServerName server, List<EventId> from, int limit);

    /**
     * Where the room's history is not known: events at or before a place that cite, as what comes before them, others that
     * have no place here. From there other servers can be asked for more.
     *
     * @return newest first
     */
    List<EventId> backwardExtremities(RoomId room, RoomPlace from, int limit);

    /** @param originServerTs milliseconds since the epoch, by the clock of the sender's server */
    record EventAt(EventId event, long originServerTs) {}

    /**
     * {@code /timestamp_to_event}: the event nearest to a time that the server sees. Found where the room's history passes
     * that time, among the some hundred events around: one by a clock that is far off is not.
     *
     * @param forward whether it may not be earlier, rather than not later
     */
    Optional<EventAt> nearest(RoomId room, ServerName server, long timestamp, boolean forward);
}
