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
     * A room as a reader's cache wants it.
     *
     * @param state the current state, in no order
     * @param timeline the newest live events, oldest first, at most {@code timelineLimit}
     * @param complete whether the timeline reaches back to the room's beginning
     * @param resolved all such places, whatever has become of them since
     * @param replaced the number of the newest {@link RoomFact.StateReplaced}, which changed every place; 0 if there was
     *     none
     * @param historyAt the number of the newest live event that history was found before; 0 for none
     */
    record RoomSnapshot(
            RoomId room,
            String version,
            int shard,
            long incarnation,
            long asOf,
            boolean published,
            List<StoredEvent> state,
            List<StoredEvent> timeline,
            boolean complete,
            List<ResolvedPlace> resolved,
            long replaced,
            long historyAt) {}

    Optional<RoomSnapshot> room(RoomId room, int timelineLimit);

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
     * Events of a room strictly between two places, history that was found later among them.
     *
     * @param backward newest first, beginning below {@code before}; else oldest first, beginning above {@code after}
     */
    EventPage events(RoomId room, RoomPlace after, RoomPlace before, boolean backward, int limit);

    Optional<StoredEvent> event(RoomId room, EventId event);

    /** The edits ({@code m.replace}) of these events that are not redacted, in no order, whether valid or not. */
    List<StoredEvent> edits(RoomId room, List<EventId> originals);

    /** A state key of interest; {@code stateKey} null for all of the type. */
    record Wanted(String type, @Nullable String stateKey) {}

    /**
     * The state after all events up to and including a position; {@code Long.MAX_VALUE} for the current one. Empty if
     * there is no such room.
     *
     * @param wanted null for all of it
     */
    List<StoredEvent> stateAt(RoomId room, long seq, @Nullable List<Wanted> wanted);

    /**
     * What states of long ago have at some places, in the order of the states: what decides who sees an event that is off
     * the line, of which {@link #stateHistory} says nothing.
     *
     * @param states names of states, as in {@link RoomFact.RoomEvent#state}
     * @param wanted each with its state key
     */
    List<List<StoredEvent>> inStates(RoomId room, List<Long> states, List<Wanted> wanted);

    /**
     * All of a state of long ago; empty if there is no such room.
     *
     * @param state its name, as in {@link RoomFact.RoomEvent#state}
     */
    List<StoredEvent> inState(RoomId room, long state);

    /**
     * What a place of the state had.
     *
     * @param seq the number from which on
     * @param event null for nothing
     */
    record StateSince(long seq, @Nullable StoredEvent event) {}

    /** Whatever one place of the state ever had, oldest first: memberships, visibility. */
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
        return stateAt(room, Long.MAX_VALUE, List.of(new Wanted(EventTypes.MEMBER, null))).stream()
                .map(member -> JsonParser.parseObject(member.event().body(), JsonRules.LENIENT_EVENTS)
                        .object("content"))
                .filter(content -> content.flatMap(object -> object.string("membership"))
                        .filter("join"::equals)
                        .isPresent())
                .count();
    }
}
