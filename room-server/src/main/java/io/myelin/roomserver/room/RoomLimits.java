package io.myelin.roomserver.room;

import io.myelin.contracts.MatrixError;
import io.myelin.matrix.event.EventTypes;

/**
 * How large our users may let a room become. What other servers send is taken whatever the room has by then: rooms have to
 * come to the same state everywhere.
 *
 * @param stateBytes of all state events but memberships; and of memberships, beyond {@value #BYTES_A_MEMBERSHIP} for each
 * @param stateEntries state events but memberships
 * @param members users who are joined or invited; four times as many may have been
 */
public record RoomLimits(long stateBytes, int stateEntries, int members) {

    /** Some have avatars and reasons, a few tell of a third party: that many bytes on average are enough for all. */
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
