package io.myelin.roomserver.receive;

import io.myelin.matrix.auth.AuthEventsRules;
import io.myelin.matrix.auth.AuthRules;
import io.myelin.matrix.auth.AuthState;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.roomserver.room.EventEntity;
import io.myelin.roomserver.room.Room;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Check 4: the auth events must permit the event. If they do not, it is rejected. */
public final class AuthEventsCheck {

    private AuthEventsCheck() {}

    /**
     * The events that have to permit an event: its auth events and, from version 12 on, the room's create event, which it
     * does not cite because the room ID names it.
     */
    public static List<EventId> authEvents(Pdu event) {
        List<EventId> ids = new ArrayList<>(event.authEvents());
        if (event.version().roomIdIsCreateEventHash() && !event.type().equals(EventTypes.CREATE)) {
            event.roomId().createEvent().ifPresent(ids::add);
        }
        return ids;
    }

    /** @param known the events that {@link #authEvents} names, whatever room they are of */
    public static Optional<Failure> check(Pdu event, Room room, List<EventEntity> known) {
        if (known.stream().anyMatch(cited -> !cited.room().equals(room.id()))) {
            return Optional.of(new Failure("An auth event is of another room. (rule 3.4)"));
        }
        Map<EventId, Pdu> byId =
                known.stream().collect(Collectors.toMap(EventEntity::id, EventEntity::pdu, (one, _) -> one));
        Set<EventId> rejected = known.stream()
                .filter(EventEntity::wasRejected)
                .map(EventEntity::id)
                .collect(Collectors.toSet());
        List<Pdu> cited = event.authEvents().stream().map(byId::get).toList();
        Optional<Failure> failure =
                Failure.of(AuthEventsRules.check(event, cited, each -> rejected.contains(each.eventId())));
        return failure.isPresent() ? failure : Failure.of(AuthRules.check(event, stateOf(known)));
    }

    private static AuthState stateOf(List<EventEntity> events) {
        return (type, stateKey) -> events.stream()
                .map(EventEntity::pdu)
                .filter(event -> event.is(type, stateKey))
                .findFirst()
                .orElse(null);
    }
}
