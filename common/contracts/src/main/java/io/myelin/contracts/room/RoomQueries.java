package io.myelin.contracts.room;

import io.myelin.contracts.ShardQueries;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What room-server tells the other services. Every answer is one snapshot; {@code asOf} is the number in its shard up
 * to which it is complete. Who may see what is the reader's to decide: nothing here knows who asks.
 */
public interface RoomQueries extends ShardQueries<RoomFact> {

    /**
     * An event as stored, or as it reads since it was redacted.
     *
     * @param seq the anchor of its place in the room; its number, if it has no place
     * @param back of its place; less than 0 for what was found later of the history before the live event {@code seq}
     * @param redactedBecause the redaction, if the event was redacted, with its number; {@code event.body} is the pruned
     *     form then
     * @param prevContent the content of the state event that it replaced, as JSON; null if there was none
     * @param prevSender who sent that; null if there was none, or nobody says
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

        /** The same event with another form of what it replaced. */
        public StoredEvent withPrevContent(byte @Nullable [] content) {
            return new StoredEvent(seq, back, event, redactedBecause, content, prevSender);
        }

        /** The same event with another form of itself and of what redacted it. */
        public StoredEvent with(RoomFact.RoomEvent form, RoomFact.@Nullable RoomEvent because) {
            return new StoredEvent(seq, back, form, because, prevContent, prevSender);
        }

        public RoomPlace place() {
            return new RoomPlace(seq, back);
        }

        /**
         * Whether the state before it was never the room's current one at its place, so that nothing but {@link #inStates}
         * says what was there: it came on a fork, or is history that was found later.
         */
        public boolean isOffTheLine() {
            return event.forked() || back < 0;
        }

        /** What states, and events that replace it, cite it by. */
        public long number() {
            return event.number() == 0 ? seq : event.number();
        }
    }

    /**
     * A place of a room's state that has changed by itself.
     *
     * @param seq the number of the newest {@link RoomFact.StateResolved} that changed it
     */
    record ResolvedPlace(String type, String stateKey, long seq) {}

    /**
     * A room as a reader's cache wants it. It names the events, and has as many of them as an answer holds; the others come
     * in pages, by {@link #numbered}, so that nobody holds all of a large room for somebody else.
     *
     * @param state the numbers of the events of the state as of {@code asOf}, in no order
     * @param stateBytes the bodies of those events together
     * @param timeline the numbers of the newest live events, oldest first, at most {@code timelineLimit}
     * @param events the first of the timeline's events and then of the state's
     * @param complete whether the timeline reaches back to the room's beginning
     * @param resolved all such places, whatever has become of them since
     * @param replaced the number of the newest {@link RoomFact.StateReplaced}, which changed every place; 0 if there was
     *     none
     * @param historyAt the number of the newest live event that history was found before; 0 for none
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
            long historyAt) {}

    Optional<RoomSnapshot> room(RoomId room, int timelineLimit);

    /** How many events an answer has at most, whoever asks for more. */
    int PAGE_EVENTS = 1_000;

    /** How many bytes of bodies an answer has at most, unless a single event is larger. */
    int PAGE_BYTES = 1 << 20;

    /**
     * Some of the events that were asked for, in the order of the question.
     *
     * @param events those that exist
     * @param taken how many numbers are dealt with, at least one; the rest is another question
     */
    record NumberedEvents(List<StoredEvent> events, int taken) {}

    /**
     * Events of a room by what states cite them by, as they read now: as many of them as an answer holds. {@link EventPages}
     * asks until it has them all.
     */
    NumberedEvents numbered(RoomId room, long[] numbers);

    /**
     * A user's relation to a room.
     *
     * @param membership of the specification: {@code join}, {@code invite}, {@code leave}, {@code ban}, {@code knock}
     * @param event the member event; the last there was, if the state has none any more
     * @param seq the number from which on this is so: of the member event, or of the {@link RoomFact.StateResolved} that
     *     put it into the state
     * @param forgotten whether the user has forgotten the room since
     * @param newestSeq the number of what is newest in the room: an event, or a change of its state by itself
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

    /** How many edits of one event an answer has at most. */
    int MOST_EDITS = 50;

    /** What the edits of an answer weigh at most; the newest are in it. */
    int MOST_EDIT_BYTES = 4 << 20;

    /**
     * The newest edits ({@code m.replace}) of these events that are by the same sender and not redacted, in no order; of
     * each event at most {@value #MOST_EDITS}, of all together at most {@link #MOST_EDIT_BYTES}.
     */
    List<StoredEvent> edits(RoomId room, List<EventId> originals);

    /** A state key of interest; {@code stateKey} null for all of the type. */
    record Wanted(String type, @Nullable String stateKey) {}

    /**
     * Some places of the state after all events up to and including a position; {@code Long.MAX_VALUE} for the current one.
     * Empty if there is no such room.
     */
    List<StoredEvent> stateAt(RoomId room, long seq, List<Wanted> wanted);

    /**
     * The numbers of the events of the state after a position, in no order; none if there is no such room.
     *
     * @param type of those that are wanted; null for all
     */
    long[] stateNumbers(RoomId room, long seq, @Nullable String type);

    /**
     * What states of long ago have at some places, in the order of the states: what decides who sees an event that is off
     * the line, of which {@link #stateHistory} says nothing. The events come as {@link #stateHistory} has them.
     *
     * @param states names of states, as in {@link StateLinks#state}
     * @param wanted each with its state key
     */
    List<List<StoredEvent>> inStates(RoomId room, List<Long> states, List<Wanted> wanted);

    /**
     * The numbers of the events of a state of long ago, in no order; none if there is no such room.
     *
     * @param state its name, as in {@link StateLinks#state}
     */
    long[] inState(RoomId room, long state);

    /**
     * What a place of the state had.
     *
     * @param seq the number from which on
     * @param event null for nothing
     */
    record StateSince(long seq, @Nullable StoredEvent event) {}

    /**
     * Whatever one place of the state ever had, oldest first. Of the content of large events it tells only what decides who
     * may see or enter: {@code membership}, {@code history_visibility}, {@code join_rule} and {@code guest_access}; nobody
     * reads all that was ever written at a place.
     */
    List<StateSince> stateHistory(RoomId room, String type, String stateKey);

    Optional<RoomId> roomOf(RoomAlias alias);

    /** Who made an alias, or nothing if it does not exist. */
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

    /** The newest purge of a room of this ID; empty if there was none. There may be such a room again after it. */
    Optional<PurgeProgress> purgeOf(RoomId room);

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
