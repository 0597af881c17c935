package io.myelin.roomserver.decide;

import static io.myelin.matrix.event.RequiredSignatures.AUTHORISING_USER;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Profile;
import io.myelin.contracts.room.PolicyCheck;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomCommand.JoinedElsewhere;
import io.myelin.engine.shard.Decision;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.JsonObject;
import io.myelin.roomserver.room.EventDraft;
import io.myelin.roomserver.room.Refusal;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.room.RoomEdit;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.room.StateEvent;
import io.myelin.roomserver.room.UserEntity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part that all changes of a membership have in common, whichever endpoint they come from. */
final class MemberEvents {

    static final String DISPLAY_NAME = "displayname";
    static final String AVATAR_URL = "avatar_url";

    private MemberEvents() {}

    /**
     * What a member event may have besides its content.
     *
     * @param timestamp null for now
     * @param sticky for how many milliseconds it is sticky; null if it is not
     * @param policy what its writer does about the room's policy server; null if nothing
     */
    record Extra(
            @Nullable Long timestamp, @Nullable Long sticky, @Nullable PolicyCheck policy) {}

    /**
     * Makes the content the target's membership.
     *
     * @param content has the membership; the profile is added where the content has no name or avatar
     */
    static Decision<RoomEntity, RoomChange> change(
            RoomEdit edit,
            Requester requester,
            UserEntity target,
            JsonObject content,
            @Nullable Profile profile,
            List<JoinedElsewhere> joinedElsewhere,
            Extra extra) {
        EventContent.checkMember(content);
        Membership membership = EventContent.membership(content);
        Room room = edit.room();
        if (entersRoom(membership) && room.membership(target.user()) != Membership.JOIN) {
            requireOpen(room, edit.signer().server());
        }
        // Only this server authorises a restricted join: a client that could name the authorising user could join every
        // restricted room.
        JsonObject own = content.without(AUTHORISING_USER);
        JsonObject complete = withProfile(own, membership, profile);
        if (membership == Membership.JOIN && requester.user().equals(target.user())) {
            if (profile != null && profile.deactivated()) {
                throw new Refusal(403, "M_USER_DEACTIVATED", "This account has been deactivated.");
            }
            if (content.string(GuestDecisions.KIND)
                            .filter(GuestDecisions.GUEST::equals)
                            .isPresent()
                    && !GuestDecisions.lets(room)) {
                throw new Refusal(403, "M_GUEST_ACCESS_FORBIDDEN", "Guests cannot join this room.");
            }
            complete = RestrictedJoin.authorise(room, target.user(), edit.signer(), joinedElsewhere, complete);
        }
        StateEvent current = room.state().get(EventTypes.MEMBER, target.user().value());
        if (current != null && isSame(room.current().read(current), requester, complete)) {
            return Outcome.already(edit, current);
        }
        EventDraft draft = new EventDraft(
                requester.user(), EventTypes.MEMBER, target.user().value(), complete, null, extra.timestamp(), extra.sticky(), extra.policy());
        Pdu event = edit.append(requester, draft);
        boolean isLetIn = membership == Membership.JOIN
                && room.membership(target.user()) != Membership.JOIN
                && target.user().isOn(edit.signer().server());
        return Outcome.sent(
                edit,
                event,
                isLetIn ? InheritanceDecisions.predecessor(room).orElse(null) : null,
                target.in(room.id(), membership == Membership.JOIN));
    }

    private static boolean entersRoom(Membership membership) {
        return switch (membership) {
            case JOIN, KNOCK -> true;
            case INVITE, LEAVE, BAN -> false;
        };
    }

    /**
     * Requires that this server alone can decide who joins or knocks.
     *
     * @throws Refusal if the room is being purged; or if none of our users is in it but users of other servers are, so that
     *     it has gone on without us and only other servers know its state
     */
    private static void requireOpen(Room room, ServerName ours) {
        if (room.closing()) {
            throw new Refusal(MatrixError.notFound("This room is being purged."));
        }
        if (!room.hasMemberOf(ours) && room.hasMemberOfOthersThan(ours)) {
            throw new Refusal(
                    MatrixError.notFound("Nobody of this server is in this room any more, so other servers would have"
                            + " to be asked how it is now, which this server cannot do yet."));
        }
    }

    /** The content with the profile's name and avatar, unless it has its own. */
    static JsonObject withProfile(JsonObject content, Membership membership, @Nullable Profile profile) {
        if (profile == null) {
            return content;
        }
        return switch (membership) {
            case JOIN, INVITE, KNOCK -> {
                JsonObject named = withDefault(content, DISPLAY_NAME, profile.displayName());
                yield withDefault(named, AVATAR_URL, profile.avatarUrl());
            }
            case LEAVE, BAN -> content;
        };
    }

    private static JsonObject withDefault(JsonObject content, String name, @Nullable String value) {
        return value == null || content.has(name) ? content : content.with(name, value);
    }

    private static boolean isSame(Pdu current, Requester requester, JsonObject content) {
        return current.sender().equals(requester.user())
                && current.content().without(AUTHORISING_USER).equals(content.without(AUTHORISING_USER));
    }
}
