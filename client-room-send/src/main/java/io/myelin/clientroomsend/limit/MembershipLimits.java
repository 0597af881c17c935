package io.myelin.clientroomsend.limit;

import io.myelin.contracts.room.MembershipAction;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.web.MatrixException;
import java.util.Collection;
import java.util.List;

/**
 * Limits changes of memberships. What belongs to the requester is counted before the change. What belongs to a room or to
 * an invitee is counted after room-server has allowed it: who is not in a room cannot use up its invitations. Leaving is
 * always possible, unless the user has just tried to leave many rooms that they were not in.
 */
public final class MembershipLimits {
    private final WriteLimits limits;

    public MembershipLimits(WriteLimits limits) {
        this.limits = limits;
    }

    /**
     * Counts what the requester may do.
     *
     * @throws MatrixException 429
     */
    public void before(UserId requester, RoomId room, MembershipAction action, UserId target) {
        switch (action) {
            case JOIN -> {
                limits.joins().attempt(requester);
                limits.joinsOfRoom().requireAttempt(requester, room.value());
            }
            case INVITE -> {
                beforeInvites(requester, List.of(target));
                limits.invitesIntoRoom().requireAttempt(requester, room.value());
            }
            case KNOCK, KICK, BAN, UNBAN -> limits.messages().attempt(requester);
            case LEAVE -> limits.refusedLeaves().requireAttempt(requester, requester.value());
        }
    }

    /** The change has happened. */
    public void after(UserId requester, RoomId room, MembershipAction action, UserId target) {
        switch (action) {
            case JOIN -> limits.joinsOfRoom().count(requester, room.value());
            case INVITE -> {
                limits.invitesIntoRoom().count(requester, room.value());
                limits.invitesOfUser().count(requester, target.value());
            }
            case LEAVE, KNOCK, KICK, BAN, UNBAN -> {}
        }
    }

    /** The change was refused. */
    public void refused(UserId requester, MembershipAction action) {
        if (action == MembershipAction.LEAVE) {
            limits.refusedLeaves().count(requester, requester.value());
        }
    }

    /**
     * Counts the creation of a room.
     *
     * @throws MatrixException 429
     */
    public void beforeCreation(UserId requester, Collection<UserId> invitees) {
        limits.newRooms().attempt(requester);
        beforeInvites(requester, invitees);
    }

    /** The room has been created. */
    public void afterCreation(UserId requester, Collection<UserId> invitees) {
        invitees.forEach(invitee -> limits.invitesOfUser().count(requester, invitee.value()));
    }

    private void beforeInvites(UserId requester, Collection<UserId> invitees) {
        limits.invitesByUser().attempt(requester, invitees.size());
        invitees.forEach(invitee -> limits.invitesOfUser().requireAttempt(requester, invitee.value()));
    }
}
