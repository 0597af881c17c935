package io.myelin.matrix.auth;

import static io.myelin.matrix.auth.RuleNumber.rejected;

import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.JsonBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The authorisation rules of the event's room version. Room versions, "Authorisation rules", in the order and with the
 * numbers of version 12. {@link RuleNumber} numbers the rules that version 12 no longer has. Rule 3, on the auth events
 * that an event cites, is in {@link AuthEventsRules}.
 */
public final class AuthRules {
    private AuthRules() {}

    /**
     * Whether the event may be sent in a room of this state.
     *
     * <p>The event's signatures have to be verified before: the rules only ask which servers' signatures it has. They
     * verify the signatures of third-party invites themselves, whose keys are in the state.
     */
    public static AuthResult check(Pdu event, AuthState state) {
        if (event.type().equals(EventTypes.CREATE)) {
            return CreateRules.check(event); // 1
        }
        Pdu create = state.get(EventTypes.CREATE, "");
        if (create == null || !isOfRoom(create, event)) {
            return event.version().roomIdIsCreateEventHash()
                    ? rejected(event, "2", "The room has no create event of this room ID.")
                    : rejected(event, "3.3a", "The room has no create event.");
        }
        if (isNotFederated(create)
                && !event.sender().serverName().equals(create.sender().serverName())) {
            return rejected(event, "4", "This room is closed to users of other servers.");
        }
        if (event.type().equals(EventTypes.ALIASES) && event.version().aliasesOfServers()) {
            return aliases(event); // 4a
        }
        PowerLevels levels = PowerLevels.of(create, state.get(EventTypes.POWER_LEVELS, ""));
        if (event.type().equals(EventTypes.MEMBER)) {
            return new MembershipRules(event, state, create, levels).check(); // 5
        }
        if (state.membership(event.sender()) != Membership.JOIN) {
            return rejected(event, "6", "You are not in this room.");
        }
        if (event.type().equals(EventTypes.THIRD_PARTY_INVITE)) {
            return levels.user(event.sender()) >= levels.invite()
                    ? AuthResult.allowed()
                    : rejected(event, "7.1", "You do not have the power to invite users to this room.");
        }
        if (levels.user(event.sender()) < levels.required(event.type(), event.isState())) {
            return rejected(event, "8", "You do not have the power to send events of type " + event.type() + ".");
        }
        if (isOfAnotherUser(event, event.stateKey())) {
            return rejected(event, "9", "A state key that is another user's ID cannot be used.");
        }
        if (event.type().equals(EventTypes.POWER_LEVELS)) {
            return new PowerLevelsRules(event, create, state.get(EventTypes.POWER_LEVELS, ""), levels).check(); // 10
        }
        if (event.type().equals(EventTypes.REDACTION) && event.version().redactionsNeedPower()) {
            return redaction(event, levels); // 10a
        }
        return AuthResult.allowed(); // 11
    }

    /** 4a, up to version 5. */
    private static AuthResult aliases(Pdu event) {
        String stateKey = event.stateKey();
        if (stateKey == null) {
            return rejected(event, "4a.1", "An event that says a server's aliases needs that server as its state key.");
        }
        return stateKey.equals(event.sender().serverName().value())
                ? AuthResult.allowed() // 4a.3
                : rejected(event, "4a.2", "The aliases of another server cannot be said.");
    }

    /** 10a, in versions 1 and 2. */
    private static AuthResult redaction(Pdu event, PowerLevels levels) {
        if (levels.user(event.sender()) >= levels.redact()) {
            return AuthResult.allowed(); // 10a.1
        }
        EventId redacts = event.redacts();
        return redacts != null && PowerLevels.haveSameServer(event.eventId(), redacts)
                ? AuthResult.allowed() // 10a.2
                : rejected(event, "10a.3", "You do not have the power to redact this event.");
    }

    private static boolean isOfRoom(Pdu create, Pdu event) {
        return event.version().roomIdIsCreateEventHash()
                ? RoomId.ofCreateEvent(create.eventId()).equals(event.roomId())
                : create.roomId().equals(event.roomId());
    }

    private static boolean isNotFederated(Pdu create) {
        return create.content().get("m.federate") == JsonBoolean.FALSE;
    }

    private static boolean isOfAnotherUser(Pdu event, @Nullable String stateKey) {
        return stateKey != null
                && stateKey.startsWith("@")
                && !stateKey.equals(event.sender().value());
    }
}
