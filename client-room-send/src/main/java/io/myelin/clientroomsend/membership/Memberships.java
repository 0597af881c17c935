package io.myelin.clientroomsend.membership;

import io.myelin.clientroomsend.command.RoomCommands;
import io.myelin.clientroomsend.limit.MembershipLimits;
import io.myelin.clientroomsend.lookup.LocalServerCheck;
import io.myelin.clientroomsend.lookup.Profiles;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.ChangeMembership;
import io.myelin.contracts.room.RoomCommand.ForgetRoom;
import io.myelin.contracts.room.RoomCommand.JoinedElsewhere;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.MatrixException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes memberships. */
public final class Memberships {
    private static final int FORBIDDEN = 403;

    private final RoomCommands commands;
    private final Profiles profiles;
    private final RestrictedJoins restrictedJoins;
    private final GuestAccess guests;
    private final LocalServerCheck localServer;
    private final InvitePermissions invitePermissions;
    private final BoundThirdPartyIds boundIds;
    private final MembershipLimits limits;
    private final Inheritance inheritance;

    public Memberships(
            RoomCommands commands,
            Profiles profiles,
            RestrictedJoins restrictedJoins,
            GuestAccess guests,
            LocalServerCheck localServer,
            InvitePermissions invitePermissions,
            BoundThirdPartyIds boundIds,
            MembershipLimits limits,
            Inheritance inheritance) {
        this.commands = commands;
        this.profiles = profiles;
        this.restrictedJoins = restrictedJoins;
        this.guests = guests;
        this.localServer = localServer;
        this.invitePermissions = invitePermissions;
        this.boundIds = boundIds;
        this.limits = limits;
        this.inheritance = inheritance;
    }

    /**
     * Joins a room.
     *
     * <p>Few rooms are restricted to members of other rooms. So memberships in other rooms are looked up only after a join
     * was refused without them; then the join is tried again with those that were found.
     *
     * @param extraContent the client's further fields for the member event's content, and {@code third_party_signed}: proof
     *     that a third-party invitation was meant for the user
     */
    public void join(Session session, RoomId room, @Nullable String reason, JsonObject extraContent) {
        guests.check(session, room);
        JsonObject content = GuestAccess.joining(session, extraContent);
        byte[] extra = content.isEmpty() ? null : CanonicalJson.encode(content);
        var join = command(session, room, MembershipAction.JOIN, session.user(), reason, extra);
        limits.before(session.user(), room, MembershipAction.JOIN, session.user());
        content.object("third_party_signed").ifPresent(signed -> boundIds.checkJoin(session.user(), room, signed));
        RoomAnswer answer = join(room, session.user(), join);
        limits.after(session.user(), room, MembershipAction.JOIN, session.user());
        if (answer instanceof RoomAnswer.EventSent sent && sent.replaced() != null) {
            inheritance.follow(session.user(), sent.replaced(), room);
        }
    }

    private RoomAnswer join(RoomId room, UserId user, ChangeMembership join) {
        RoomAnswer first = commands.execute(join, null);
        if (!(first instanceof RoomAnswer.Refused refused)) {
            return first;
        }
        List<JoinedElsewhere> evidence =
                refused.error().status() == FORBIDDEN ? restrictedJoins.evidence(room, user) : List.of();
        if (evidence.isEmpty()) {
            throw new MatrixException(refused.error());
        }
        RoomAnswer second = commands.execute(
                new ChangeMembership(
                        room,
                        join.requester(),
                        join.action(),
                        join.target(),
                        join.reason(),
                        join.profile(),
                        join.extra(),
                        evidence,
                        null),
                null);
        if (second instanceof RoomAnswer.Refused again) {
            throw new MatrixException(again.error());
        }
        return second;
    }

    public void knock(Session session, RoomId room, @Nullable String reason) {
        change(session, room, MembershipAction.KNOCK, session.user(), reason);
    }

    public void leave(Session session, RoomId room, @Nullable String reason) {
        change(session, room, MembershipAction.LEAVE, session.user(), reason);
    }

    public void invite(Session session, RoomId room, UserId target, @Nullable String reason) {
        localServer.requireInvitable(target);
        change(session, room, MembershipAction.INVITE, target, reason);
    }

    public void kick(Session session, RoomId room, UserId target, @Nullable String reason) {
        change(session, room, MembershipAction.KICK, target, reason);
    }

    public void ban(Session session, RoomId room, UserId target, @Nullable String reason) {
        change(session, room, MembershipAction.BAN, target, reason);
    }

    public void unban(Session session, RoomId room, UserId target, @Nullable String reason) {
        change(session, room, MembershipAction.UNBAN, target, reason);
    }

    public void forget(Session session, RoomId room) {
        commands.perform(new ForgetRoom(room, session.user()));
    }

    private void change(Session session, RoomId room, MembershipAction action, UserId target, @Nullable String reason) {
        var command = command(session, room, action, target, reason, null);
        limits.before(session.user(), room, action, target);
        if (action == MembershipAction.INVITE) {
            invitePermissions.check(session.user(), target);
        }
        if (commands.execute(command, null) instanceof RoomAnswer.Refused refused) {
            limits.refused(session.user(), action);
            throw new MatrixException(refused.error());
        }
        limits.after(session.user(), room, action, target);
    }

    private ChangeMembership command(
            Session session,
            RoomId room,
            MembershipAction action,
            UserId target,
            @Nullable String reason,
            byte @Nullable [] extra) {
        var requester = new Requester(session.user(), session.device(), null);
        // A join, an invitation and a knock show the target's profile; a leave, a kick, a ban and an unban do not.
        var profile = shows(action) ? profiles.of(target) : null;
        return ChangeMembership.of(room, requester, action, target, reason, profile, extra);
    }

    private static boolean shows(MembershipAction action) {
        return switch (action) {
            case JOIN, INVITE, KNOCK -> true;
            case LEAVE, KICK, BAN, UNBAN -> false;
        };
    }
}
