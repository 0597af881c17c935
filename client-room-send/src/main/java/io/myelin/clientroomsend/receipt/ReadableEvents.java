package io.myelin.clientroomsend.receipt;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.RoomQueries.Wanted;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.matrix.visibility.HistoryVisibility;
import io.myelin.web.MatrixException;
import java.util.List;

/**
 * The events that a member can see. An event that is hidden from the member is answered like an event that does not exist.
 * Client-server API, "Room History Visibility".
 */
public final class ReadableEvents {
    private static final String JOIN = "join";

    private final RoomQueries rooms;

    public ReadableEvents(RoomQueries rooms) {
        this.rooms = rooms;
    }

    /**
     * A user who has joined a room.
     *
     * @param since the number of the user's newest member event; the user can see the events after it
     */
    public record Member(RoomId room, UserId user, long since) {}

    /** @throws MatrixException 403 if the user has not joined the room, or there is no such room */
    public Member member(RoomId room, UserId user) {
        return rooms.stateAt(room, Long.MAX_VALUE, List.of(memberOf(user))).stream()
                .filter(event -> text(event, "membership", "").equals(JOIN))
                .findFirst()
                .map(event -> new Member(room, user, event.seq()))
                .orElseThrow(() -> new MatrixException(MatrixError.forbidden("You are not in this room.")));
    }

    /** @throws MatrixException 404 if the room has no such event, or the member cannot see it */
    public StoredEvent find(Member member, EventId id) {
        return rooms.event(member.room(), id)
                .filter(event -> (!event.isOffTimeline() && event.seq() >= member.since()) || isVisible(member, event))
                .orElseThrow(
                        () -> new MatrixException(MatrixError.notFound("There is no event " + id + " in this room.")));
    }

    /** The state before the event counts too, since the event itself may change this member or the visibility. */
    private boolean isVisible(Member member, StoredEvent event) {
        boolean isOnTimeline = !event.isOffTimeline() && !event.event().outsideCurrentState();
        return isOnTimeline
                ? allows(stateAt(member, event.seq())) || allows(stateAt(member, event.seq() - 1))
                : rooms.inStates(member.room(), statesAround(event), deciding(member)).stream()
                        .anyMatch(ReadableEvents::allows);
    }

    /** The numbers of the states before and after an event; the state after a state event has the event's number. */
    private static List<Long> statesAround(StoredEvent event) {
        long before = event.event().state();
        return event.event().isState() ? List.of(before, event.number()) : List.of(before);
    }

    private List<StoredEvent> stateAt(Member member, long seq) {
        return rooms.stateAt(member.room(), seq, deciding(member));
    }

    private static List<Wanted> deciding(Member member) {
        return List.of(memberOf(member.user()), new Wanted(EventTypes.HISTORY_VISIBILITY, ""));
    }

    /** Whether a user who has joined now can see an event that was sent in this state. */
    private static boolean allows(List<StoredEvent> state) {
        String membership = "";
        String visibility = "";
        for (StoredEvent event : state) {
            if (event.event().type().equals(EventTypes.MEMBER)) {
                membership = text(event, "membership", membership);
            } else {
                visibility = text(event, "history_visibility", visibility);
            }
        }
        return HistoryVisibility.parse(visibility).allows(membership, true);
    }

    private static Wanted memberOf(UserId user) {
        return new Wanted(EventTypes.MEMBER, user.value());
    }

    private static String text(StoredEvent event, String name, String otherwise) {
        return JsonParser.parseObject(event.event().body(), JsonRules.LENIENT_EVENTS)
                .object("content")
                .orElse(JsonObject.EMPTY)
                .string(name)
                .orElse(otherwise);
    }
}
