package io.myelin.matrix.auth;

import static io.myelin.matrix.auth.RuleNumber.rejected;
import static io.myelin.matrix.event.RequiredSignatures.AUTHORISING_USER;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonString;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rule 5: which users may join, invite, leave, kick, ban and knock. */
final class MembershipRules {
    private final Pdu event;
    private final AuthState state;
    private final Pdu create;
    private final PowerLevels levels;
    private final UserId sender;

    MembershipRules(Pdu event, AuthState state, Pdu create, PowerLevels levels) {
        this.event = event;
        this.state = state;
        this.create = create;
        this.levels = levels;
        this.sender = event.sender();
    }

    AuthResult check() {
        String stateKey = event.stateKey();
        Json membership = event.content().get("membership");
        if (stateKey == null || membership == null) {
            return rejected(event, "5.1", "A member event needs a state key and a membership.");
        }
        var target = new UserId(stateKey);
        Json authorisingUser = event.content().get(AUTHORISING_USER);
        if (event.version().restricted() && authorisingUser != null && !isSignedByServerOf(authorisingUser)) {
            return rejected(event, "5.2.1", "The server of the user who authorises the join has not signed it.");
        }
        Optional<Membership> known =
                membership instanceof JsonString(String value) ? Membership.parse(value) : Optional.empty();
        if (known.isEmpty()) {
            return rejected(event, "5.8", "The membership is not known.");
        }
        return switch (known.get()) {
            case JOIN -> join(target);
            case INVITE -> event.content().has("third_party_invite") ? thirdPartyInvite(target) : invite(target);
            case LEAVE -> leave(target);
            case BAN -> ban(target);
            case KNOCK ->
                event.version().knock()
                        ? knock(target)
                        : rejected(event, "5.8", "Rooms of version " + event.version() + " take no knocks.");
        };
    }

    /** 5.3. */
    private AuthResult join(UserId target) {
        if (isFirstJoin(target)) {
            return AuthResult.allowed(); // 5.3.1
        }
        if (!sender.equals(target)) {
            return rejected(event, "5.3.2", "You cannot join in the name of another user.");
        }
        Membership current = state.membership(sender);
        if (current == Membership.BAN) {
            return rejected(event, "5.3.3", "You are banned from this room.");
        }
        JoinRule rule = state.joinRule();
        boolean isInvitedOrJoined = current == Membership.INVITE || current == Membership.JOIN;
        if (rule.isByInvitation(event.version())) {
            return isInvitedOrJoined
                    ? AuthResult.allowed() // 5.3.4
                    : rejected(event, "5.3.7", "You are not invited to this room.");
        }
        if (rule.isRestricted(event.version())) {
            return isInvitedOrJoined || isAuthorisedByMember()
                    ? AuthResult.allowed() // 5.3.5.1, 5.3.5.3
                    : rejected(event, "5.3.5.2", "No member who may invite has authorised the join.");
        }
        return rule == JoinRule.PUBLIC
                ? AuthResult.allowed() // 5.3.6
                : rejected(event, "5.3.7", "Nobody may join this room.");
    }

    /** 5.4.1. {@link ThirdPartyInviteRules} has all of it except the check of the target's ban. */
    private AuthResult thirdPartyInvite(UserId target) {
        return state.membership(target) == Membership.BAN
                ? rejected(event, "5.4.1.1", "The user is banned from this room.")
                : ThirdPartyInviteRules.check(event, target, state);
    }

    /** 5.4.2 and on. */
    private AuthResult invite(UserId target) {
        if (state.membership(sender) != Membership.JOIN) {
            return rejected(event, "5.4.2", "You are not in this room.");
        }
        Membership current = state.membership(target);
        if (current == Membership.JOIN || current == Membership.BAN) {
            return rejected(
                    event,
                    "5.4.3",
                    current == Membership.BAN
                            ? "The user is banned from this room."
                            : "The user is already in this room.");
        }
        return levels.user(sender) >= levels.invite()
                ? AuthResult.allowed() // 5.4.4
                : rejected(event, "5.4.5", "You do not have the power to invite users to this room.");
    }

    /** 5.5: leaving, rejecting an invitation, kicking, lifting a ban. */
    private AuthResult leave(UserId target) {
        Membership own = state.membership(sender);
        if (sender.equals(target)) {
            boolean isThere = own == Membership.INVITE || own == Membership.JOIN || own == Membership.KNOCK;
            return isThere
                    ? AuthResult.allowed()
                    : rejected(event, "5.5.1", "You are neither in this room nor invited to it.");
        }
        if (own != Membership.JOIN) {
            return rejected(event, "5.5.2", "You are not in this room.");
        }
        if (state.membership(target) == Membership.BAN && levels.user(sender) < levels.ban()) {
            return rejected(event, "5.5.3", "You do not have the power to lift a ban.");
        }
        return levels.user(sender) >= levels.kick() && levels.user(target) < levels.user(sender)
                ? AuthResult.allowed() // 5.5.4
                : rejected(event, "5.5.5", "You do not have the power to remove this user.");
    }

    /** 5.6. */
    private AuthResult ban(UserId target) {
        if (state.membership(sender) != Membership.JOIN) {
            return rejected(event, "5.6.1", "You are not in this room.");
        }
        return levels.user(sender) >= levels.ban() && levels.user(target) < levels.user(sender)
                ? AuthResult.allowed() // 5.6.2
                : rejected(event, "5.6.3", "You do not have the power to ban this user.");
    }

    /** 5.7. */
    private AuthResult knock(UserId target) {
        if (!state.joinRule().allowsKnocking(event.version())) {
            return rejected(event, "5.7.1", "This room takes no knocks.");
        }
        if (!sender.equals(target)) {
            return rejected(event, "5.7.2", "You cannot knock in the name of another user.");
        }
        return switch (state.membership(sender)) {
            case BAN -> rejected(event, "5.7.4", "You are banned from this room.");
            case INVITE -> rejected(event, "5.7.4", "You are already invited to this room.");
            case JOIN -> rejected(event, "5.7.4", "You are already in this room.");
            case LEAVE, KNOCK -> AuthResult.allowed(); // 5.7.3
        };
    }

    private boolean isFirstJoin(UserId target) {
        List<EventId> prevEvents = event.prevEvents();
        return prevEvents.size() == 1
                && prevEvents.getFirst().equals(create.eventId())
                && Creators.first(create).filter(target::equals).isPresent();
    }

    private boolean isAuthorisedByMember() {
        return event.content()
                .string(AUTHORISING_USER)
                .map(UserId::new)
                .filter(user -> state.membership(user) == Membership.JOIN && levels.user(user) >= levels.invite())
                .isPresent();
    }

    private boolean isSignedByServerOf(@Nullable Json user) {
        return user instanceof JsonString(String id)
                && UserId.tryParse(id)
                        .filter(valid -> event.bearsSignatureOf(valid.serverName()))
                        .isPresent();
    }
}
