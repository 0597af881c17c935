package io.myelin.roomserver.room;

import io.myelin.contracts.MatrixError;
import io.myelin.matrix.event.EventTypes;

/**
 * How large our users may let a room become. Events of other servers are taken however large the room is, since it must
 * reach the same state on all servers.
 *
 * @param stateBytes the size of all state events but memberships; memberships together may have as much beyond {@value
 *     #BYTES_A_MEMBERSHIP} bytes each
 * @param stateEntries how many state events, memberships not counted
 * @param members joined and invited users; a room may have four times as many member events
 */
public record RoomLimits(long stateBytes, int stateEntries, int members) {

    /** This is enough on average, although some memberships have avatars and reasons, and a few a third-party invite. */
    static final long BYTES_A_MEMBERSHIP = 2_048;

    private static final int EVER = 4;

    public static final RoomLimits DEFAULT = new RoomLimits(16L << 20, 20_000, 250_000);

    /**
     * A room that is beyond a limit may change, and shrink, but not grow.
     *
     * @throws Refusal if it has grown beyond a limit
     */
    public void check(RoomState before, RoomState after) {
        StateSize was = before.size();
        StateSize is = after.size();
        if (is.bytes() > stateBytes && is.bytes() > was.bytes()) {
            throw tooLarge("The state of a room may have " + stateBytes + " bytes, memberships not counted.");
        }
        if (after.othersThanMembers() > stateEntries && after.othersThanMembers() > before.othersThanMembers()) {
            throw tooLarge("A room may have " + stateEntries + " state events, memberships not counted.");
        }
        if (is.members() > members && is.members() > was.members()) {
            throw new Refusal(MatrixError.forbidden("A room may have " + members + " members and invited users."));
        }
        checkMemberships(before, after);
    }

    private void checkMemberships(RoomState before, RoomState after) {
        int memberships = after.events().size(EventTypes.MEMBER);
        if (memberships > (long) EVER * members && memberships > before.events().size(EventTypes.MEMBER)) {
            throw new Refusal(MatrixError.forbidden(
                    "A room may have " + (long) EVER * members + " users who are, were or may not be in it."));
        }
        long most = stateBytes + BYTES_A_MEMBERSHIP * memberships;
        long bytes = after.size().memberBytes();
        if (bytes > most && bytes > before.size().memberBytes()) {
            throw tooLarge("The memberships of this room may have " + most + " bytes.");
        }
    }

    private static Refusal tooLarge(String limit) {
        return new Refusal(413, "M_TOO_LARGE", limit);
    }
}
