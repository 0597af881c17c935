package io.myelin.matrix.auth;

import static io.myelin.matrix.auth.RuleNumber.rejected;

import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.state.StateKey;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Rule 3: the auth events that an event cites. This server's own events cite what {@link AuthEvents} selects. */
public final class AuthEventsRules {
    private AuthEventsRules() {}

    /**
     * Checks the events that this one has in its {@code auth_events}.
     *
     * @param wasRejected whether one of them was rejected on receipt
     */
    public static AuthResult check(Pdu event, Collection<Pdu> authEvents, Predicate<Pdu> wasRejected) {
        if (event.type().equals(EventTypes.CREATE)) {
            return AuthResult.allowed(); // rule 1 has the last word on it
        }
        List<StateKey> selected = AuthEvents.select(event);
        Set<StateKey> seen = new HashSet<>();
        for (Pdu authEvent : authEvents) {
            if (authEvent.isState() && !seen.add(authEvent.key())) {
                return rejected(event, "3.1", "Two auth events are of the same type and state key.");
            }
        }
        for (Pdu authEvent : authEvents) {
            if (!authEvent.isState() || !selected.contains(authEvent.key())) {
                return rejected(event, "3.2", "Auth event " + authEvent.eventId() + " does not belong there.");
            }
        }
        if (authEvents.stream().anyMatch(wasRejected)) {
            return rejected(event, "3.3", "An auth event was rejected.");
        }
        if (event.version().createInAuthEvents() && !seen.contains(new StateKey(EventTypes.CREATE, ""))) {
            return rejected(event, "3.3a", "There is no create event among the auth events.");
        }
        if (authEvents.stream().anyMatch(authEvent -> !authEvent.roomId().equals(event.roomId()))) {
            return rejected(event, "3.4", "An auth event is of another room.");
        }
        return AuthResult.allowed();
    }
}
