package io.myelin.contracts.room;

import io.myelin.contracts.NotOffered;
import io.myelin.contracts.ShardQueries;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Queries of the other services to room-server. Every answer is one snapshot; {@code asOf} is the number in its shard up to
 * which it is complete. The answers do not depend on the user who asks; the reader decides what that user may see.
 */
public interface RoomQueries extends ShardQueries<RoomFact> {

    /**
     * An event as stored, or in its pruned form if it was redacted.
     *
     * @param seq the anchor of its place in the room; its number, if it has no place
     * @param back the second part of its place; less than 0 for history that was found later, before the live event {@code
     *     seq}
     * @param redactedBecause the redaction, if the event was redacted, with its number; {@code event.body} is the pruned
     *     form then
     * @param prevContent the content of the state event that it replaced, as JSON; null if there was none
     * @param prevSender the sender of that state event; null if there was none, or the sender is not known
     */
    record StoredEvent(
            long seq,
            int back,
            RoomFact.RoomEvent event,
            RoomFact.@Nullable RoomEvent redactedBecause,
            byte @Nullable [] prevContent,
            @Nullable UserId prevSender) {

        /** A live event. */
        public StoredEvent(
                long seq,
                RoomFact.RoomEvent event,
                RoomFact.@Nullable RoomEvent redactedBecause,
                byte @Nullable [] prevContent) {
            this(seq, 0, event, redactedBecause, prevContent, null);
        }

        /** The same event with another content of the state event that it replaced. */
        public StoredEvent withPrevContent(byte @Nullable [] content) {
            return new StoredEvent(seq, back, event, redactedBecause, content, prevSender);
        }

        /** The same event with other forms of itself and of its redaction. */
        public StoredEvent with(RoomFact.RoomEvent form, RoomFact.@Nullable RoomEvent because) {
            return new StoredEvent(seq, back, form, because, prevContent, prevSender);
        }

        public RoomPlace place() {
            return new RoomPlace(seq, back);
        }

        /**
         * Whether the state before the event was never the room's current state, because the event came on a fork or is
         * history that was found later. Only {@link #inStates} answers for such a state.
         */
        public boolean isOffTimeline() {
            return event.forked() || back < 0;
        }

        /** The number by which states, and events that replace this one, refer to it. */
        public long number() {
            return event.number() == 0 ? seq : event.number();
        }
    }

    /**
     * A type and state key whose event was changed by state resolution.
     *
     * @param seq the number of the newest {@link RoomFact.StateResolved} that changed it
     */
    record ResolvedPlace(String type, String stateKey, long seq) {}

    /**
     * A room as a reader's cache loads it. It lists the events' numbers and has as many of the events as an answer holds.
     * The cache loads the others in pages, by {@link #numbered}, so that room-server never holds a whole large room for a
     * reader.
     *
     * @param state the numbers of the events of the state as of {@code asOf}, in no order
     * @param stateBytes the bytes of those events' bodies together
     * @param timeline the numbers of the newest live events, oldest first, at most {@code timelineLimit}
     * @param events the first of the timeline's events and then of the state's
     * @param complete whether the timeline reaches back to the room's beginning
     * @param resolved all such changes, even if the event has changed again since
     * @param replaced the number of the newest {@link RoomFact.StateReplaced}, which changed every place; 0 if there was
     *     none
     * @param historyAt the number of the newest live event that history was found before; 0 for none
     * @param sticky the numbers of the newest live events that are still sticky, oldest first, at most {@link
     *     #MOST_STICKY}; an instance of the release before tells of none
     * @param purgedAt the number by which the room's history was last purged; 0 if it never was
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record RoomSnapshot(
            RoomId room,
            String version,
            int shard,
            long incarnation,
            long asOf,
            boolean published,
            long[] state,
            long stateBytes,
            long[] timeline,
            List<StoredEvent> events,
            boolean complete,
            List<ResolvedPlace> resolved,
            long replaced,
            long historyAt,
            long[] sticky,
            long purgedAt) {
        public RoomSnapshot {
            sticky = Objects.requireNonNullElse(sticky, new long[0]);
        }
    }

    /** How many sticky events of a room count. */
    int MOST_STICKY = 1_000;

    Optional<RoomSnapshot> room(RoomId room, int timelineLimit);

    /** How many bytes of bodies an answer of {@link #smallRooms} has at most. */
    int ROOMS_BYTES = 4 << 20;

    /**
     * Several rooms of one shard at once, with all of their events. Left out are rooms that do not exist, those that the
     * answer does not hold, and those with many state events, with history that was found later, or with a state that was
     * replaced as a whole: {@link #room} answers for them. Instances of the release before do not offer this.
     */
    default List<RoomSnapshot> smallRooms(int shard, List<RoomId> rooms, int timelineLimit) {
        throw new NotOffered("smallRooms");
    }

    /** How many events an answer has at most. */
    int PAGE_EVENTS = 1_000;

    /** How many bytes of bodies an answer has at most, unless a single event is larger. */
    int PAGE_BYTES = 1 << 20;

    /**
     * Some of the events that were asked for, in the order of the question.
     *
     * @param events those that exist
     * @param taken how many of the numbers are answered, at least one; the others have to be asked for again
     */
    record NumberedEvents(List<StoredEvent> events, int taken) {}

    /**
     * Events of a room by the numbers that states refer to them by, in their present form; as many as an answer holds.
     * {@link EventPages} repeats the query until it has all of them.
     */
    NumberedEvents numbered(RoomId room, long[] numbers);

    /**
     * A user's relation to a room.
     *
     * @param membership of the specification: {@code join}, {@code invite}, {@code leave}, {@code ban}, {@code knock}
     * @param event the member event; the last one, if the state no longer has any
     * @param seq the number since which this holds: that of the member event, or of the {@link RoomFact.StateResolved} that
     *     put it into the state
     * @param forgotten whether the user has forgotten the room since
     * @param newestSeq the number of the newest fact in the room: an event, or a change by state resolution
     */
    record UserRoom(
            RoomId room,
            String membership,
            UserId sender,
            EventId event,
            long seq,
            boolean forgotten,
            long newestSeq) {}

    /** @param asOf by shard */
    record UserRooms(long[] incarnations, long[] asOf, List<UserRoom> rooms) {}

    /** All rooms that the user has or had a membership in. */
    UserRooms roomsOf(UserId user);

    /** @param end whether there is nothing beyond */
    record EventPage(long asOf, List<StoredEvent> events, boolean end) {}

    /**
     * Events of a room strictly between two places, history that was found later among them. A page that would be heavier
     * than {@link #PAGE_BYTES} has fewer events than its limit, but at least one.
     *
     * @param backward newest first, beginning below {@code before}; else oldest first, beginning above {@code after}
     */
    EventPage events(RoomId room, RoomPlace after, RoomPlace before, boolean backward, int limit);

    Optional<StoredEvent> event(RoomId room, EventId event);

    /** The room that has an event; instances of the release before do not offer this. */
    default Optional<RoomId> roomOfEvent(EventId event) {
        throw new NotOffered("roomOfEvent");
    }

    /** How many edits of one event an answer has at most. */
    int MOST_EDITS = 50;

    /** How many bytes the edits of an answer have at most together; the newest edits are kept. */
    int MOST_EDIT_BYTES = 4 << 20;

    /**
     * The newest edits ({@code m.replace}) of these events that are by the same sender and not redacted, in no order; of
     * each event at most {@value #MOST_EDITS}, of all together at most {@link #MOST_EDIT_BYTES}.
     */
    List<StoredEvent> edits(RoomId room, List<EventId> originals);

    /**
     * What to show with some events of what relates to them. Instances of the release before do not offer this, nor the two
     * operations below.
     */
    default BundledEvents bundled(RoomId room, BundleQuery query) {
        throw new NotOffered("bundled");
    }

    /** Events that relate to one event; {@code end} says that there are no more between the two places. */
    default EventPage related(RoomId room, RelatedQuery query) {
        throw new NotOffered("related");
    }

    /** The roots of threads whose newest event lies before a place; a root that is not in the room is left out. */
    default ThreadRoots threads(RoomId room, RoomPlace before, int limit) {
        throw new NotOffered("threads");
    }

    /** A state key of interest; {@code stateKey} null for all of the type. */
    record Wanted(String type, @Nullable String stateKey) {}

    /**
     * The wanted events of the state after all events up to and including a position; {@code Long.MAX_VALUE} for the
     * current state. Empty if there is no such room.
     */
    List<StoredEvent> stateAt(RoomId room, long seq, List<Wanted> wanted);

    /**
     * The numbers of the events of the state after a position, in no order; none if there is no such room.
     *
     * @param type the type of the events wanted; null for all
     */
    long[] stateNumbers(RoomId room, long seq, @Nullable String type);

    /**
     * The wanted events of some past states, one list for each state, in the order of the states. They decide who may see
     * an event that is {@linkplain StoredEvent#isOffTimeline off the line}, which {@link #stateHistory} does not cover.
     * Large events are shortened as in {@link #stateHistory}.
     *
     * @param states names of states, as in {@link StateLinks#state}
     * @param wanted each with its state key
     */
    List<List<StoredEvent>> inStates(RoomId room, List<Long> states, List<Wanted> wanted);

    /**
     * The numbers of the events of a past state, in no order; none if there is no such room.
     *
     * @param state its name, as in {@link StateLinks#state}
     */
    long[] inState(RoomId room, long state);

    /**
     * The event that the state had for a type and state key.
     *
     * @param seq the number since which it had the event
     * @param event null if it had none
     */
    record StateSince(long seq, @Nullable StoredEvent event) {}

    /**
     * All events that the current state ever had for a type and state key, oldest first. Of the content of large events the
     * answer has only the properties that decide who may see or enter the room: {@code membership}, {@code
     * history_visibility}, {@code join_rule} and {@code guest_access}. That keeps the answer small.
     */
    List<StateSince> stateHistory(RoomId room, String type, String stateKey);

    Optional<RoomId> roomOf(RoomAlias alias);

    /** The user who created an alias; empty if it does not exist. */
    Optional<UserId> creatorOf(RoomAlias alias);

    List<RoomAlias> aliasesOf(RoomId room);

    /** The IDs of the rooms that the directory shows, in order of their ID by code point, after one of them. */
    List<RoomId> publishedRooms(@Nullable RoomId after, int limit);

    boolean isPublished(RoomId room);

    /** How far a purge is. */
    enum PurgeProgress {
        /** Users of this server are made to leave. */
        USERS_LEAVE,
        /** The room is unknown, and rows of it are still to go. */
        ROWS_GO,
        COMPLETE
    }

    /** The newest purge of a room of this ID; empty if there was none. A new room may have the ID after it. */
    Optional<PurgeProgress> purgeOf(RoomId room);

    /**
     * The newest purge of a room's history.
     *
     * @param number the number of the fact that hid the history
     * @param complete whether all events that are to be deleted are deleted
     */
    record HistoryPurge(long number, boolean complete) {}

    /**
     * The newest purge of this room's history; earlier ones were complete before it began. Instances of the release before
     * do not offer this, nor the four operations below.
     */
    default Optional<HistoryPurge> historyPurgeOf(RoomId room) {
        throw new NotOffered("historyPurgeOf");
    }

    /** The administrator who has blocked a room, which need not be known here; empty if it is not blocked. */
    default Optional<UserId> blockedBy(RoomId room) {
        throw new NotOffered("blockedBy");
    }

    /** The newest shutdown of a room by an administrator; empty if there was none. */
    default Optional<RoomShutdown> shutdownOf(RoomId room) {
        throw new NotOffered("shutdownOf");
    }

    /**
     * Rooms of a shard in order of their IDs by code point, {@value ListedRoom#PAGE} at most.
     *
     * @param after only rooms with greater IDs; null for the first ones
     * @param ours this server, whose users are counted
     */
    default List<ListedRoom> listed(int shard, @Nullable RoomId after, ServerName ours) {
        throw new NotOffered("listed");
    }

    /** As above, one room. */
    default Optional<ListedRoom> details(RoomId room, ServerName ours) {
        throw new NotOffered("listed");
    }

    /** How many members the room has now. */
    default long joinedMembers(RoomId room) {
        AtomicLong joined = new AtomicLong();
        EventPages.forEach(this, room, stateNumbers(room, Long.MAX_VALUE, EventTypes.MEMBER), member -> {
            boolean isJoined = JsonParser.parseObject(member.event().body(), JsonRules.LENIENT_EVENTS)
                    .object("content")
                    .flatMap(content -> content.string("membership"))
                    .filter("join"::equals)
                    .isPresent();
            joined.addAndGet(isJoined ? 1 : 0);
        });
        return joined.get();
    }
}
