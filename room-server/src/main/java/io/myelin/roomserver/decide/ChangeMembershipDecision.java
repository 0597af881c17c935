package io.myelin.roomserver.decide;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Profile;
import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomCommand.ChangeMembership;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Moment;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.roomserver.room.EventDraft;
import io.myelin.roomserver.room.EventSigner;
import io.myelin.roomserver.room.Refusal;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.room.RoomEdit;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.room.StateEvent;
import io.myelin.roomserver.room.UserEntity;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Join, invite, leave, kick, ban, unban, knock. Client-server API, "Room membership". */
final class ChangeMembershipDecision {

    private static final String THIRD_PARTY_SIGNED = "third_party_signed";

    private final EventSigner signer;

    ChangeMembershipDecision(EventSigner signer) {
        this.signer = signer;
    }

    List<Handler<?>> handlers() {
        return List.of(
                Handler.of(ChangeMembership.class, ChangeMembershipDecision::keys, this::decide)
                        .reading(StateToRead::ofChange)
                        .settlingFirst()
                        .forClients());
    }

    private static List<String> keys(ChangeMembership command) {
        List<String> keys = new ArrayList<>(Handler.roomAndUser(command, command.target()));
        if (letsIn(command.action())) {
            keys.add(EntityKey.ofBlock(command.room()));
        }
        return keys;
    }

    /** Whether a block of the room forbids the change. */
    private static boolean letsIn(MembershipAction action) {
        return switch (action) {
            case JOIN, INVITE, KNOCK -> true;
            case LEAVE, KICK, BAN, UNBAN -> false;
        };
    }

    private Decision<RoomEntity, RoomChange> decide(Known known, ChangeMembership command, Moment moment) {
        MembershipAction action = command.action();
        if (letsIn(action)) {
            BlockDecisions.requireUnblocked(known, command.room());
        }
        Room room = action == MembershipAction.JOIN || action == MembershipAction.KNOCK
                ? known.room(command.room())
                : known.roomOfMember(command.room());
        UserEntity target = known.user(command.target());
        Profile profile = target.newest(command.profile());
        RoomEdit edit = new RoomEdit(room, signer, moment);
        JsonObject extra = EventContent.parseOrEmpty(command.extra());
        checkCurrent(action, room.membership(target.user()));
        if (action == MembershipAction.JOIN) {
            StateEvent current =
                    room.state().get(EventTypes.MEMBER, target.user().value());
            if (current != null
                    && current.isJoined()
                    && isJoinedAs(room.current().read(current), profile)) {
                return Outcome.already(edit, current);
            }
            extra.object(THIRD_PARTY_SIGNED).ifPresent(signed -> inviteThirdParty(edit, command, signed));
        }
        JsonObject content = content(action, extra, command.reason());
        return MemberEvents.change(
                edit,
                command.requester(),
                target,
                content,
                profile,
                command.joinedElsewhere(),
                // An invite that is made beside the join gets another place in each draft, and so would the join.
                new MemberEvents.Extra(null, null, edit.facts().isEmpty() ? PolicyChecks.of(known, room, command.policy()) : null));
    }

    /** Checks what the endpoints demand beyond the authorisation rules. */
    private static void checkCurrent(MembershipAction action, Membership current) {
        switch (action) {
            case UNBAN -> {
                if (current != Membership.BAN) {
                    throw new Refusal(403, "M_BAD_STATE", "The user is not banned from this room.");
                }
            }
            case KICK -> {
                if (current == Membership.LEAVE || current == Membership.BAN) {
                    throw new Refusal(MatrixError.forbidden("The user is not in this room."));
                }
            }
            case JOIN, INVITE, LEAVE, BAN, KNOCK -> {
                // the authorisation rules suffice
            }
        }
    }

    private static boolean isJoinedAs(Pdu member, @Nullable Profile profile) {
        return profile != null && shows(member, profile);
    }

    /** Whether the member event has the profile's name and avatar. */
    static boolean shows(Pdu member, Profile profile) {
        return Objects.equals(member.content().string(MemberEvents.DISPLAY_NAME).orElse(null), profile.displayName())
                && Objects.equals(
                        member.content().string(MemberEvents.AVATAR_URL).orElse(null), profile.avatarUrl());
    }

    private static JsonObject content(MembershipAction action, JsonObject extra, @Nullable String reason) {
        Membership membership = switch (action) {
            case JOIN -> Membership.JOIN;
            case INVITE -> Membership.INVITE;
            case KNOCK -> Membership.KNOCK;
            case BAN -> Membership.BAN;
            case LEAVE, KICK, UNBAN -> Membership.LEAVE;
        };
        JsonObject content = extra.without(THIRD_PARTY_SIGNED)
                .without(MemberEvents.DISPLAY_NAME)
                .without(MemberEvents.AVATAR_URL)
                .with("membership", membership.value());
        return reason == null ? content : content.with("reason", reason);
    }

    /** Turns a third-party invite into an invite for the user who joins by it. */
    private static void inviteThirdParty(RoomEdit edit, ChangeMembership command, JsonObject signed) {
        Room room = edit.room();
        UserId target = command.target();
        Pdu invite = signed.string("token")
                .map(token -> room.get(EventTypes.THIRD_PARTY_INVITE, token))
                .orElse(null);
        if (invite == null || room.membership(target) != Membership.LEAVE) {
            return;
        }
        JsonObject thirdParty = JsonObject.builder()
                .put("display_name", invite.content().string("display_name").orElse(""))
                .put("signed", signed)
                .build();
        JsonObject content = JsonObject.builder()
                .put("membership", Membership.INVITE.value())
                .put("third_party_invite", thirdParty)
                .build();
        EventContent.checkMember(content);
        edit.append(
                new Requester(invite.sender(), null, null),
                EventDraft.state(invite.sender(), EventTypes.MEMBER, target.value(), content));
    }
}
