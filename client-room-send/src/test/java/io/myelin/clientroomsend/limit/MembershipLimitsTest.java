package io.myelin.clientroomsend.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.contracts.room.MembershipAction;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.settings.RateLimitSettings;
import io.myelin.web.AttemptLimit;
import io.myelin.web.MatrixException;
import io.myelin.web.RateLimits;
import java.util.List;
import org.junit.jupiter.api.Test;

class MembershipLimitsTest {
    private static final RoomId ROOM = RoomId.parse("!room:localhost");
    private static final UserId ALICE = UserId.parse("@alice:localhost");
    private static final UserId BOB = UserId.parse("@bob:localhost");
    private static final UserId MALLORY = UserId.parse("@mallory:localhost");

    private final RateLimitSettings settings = new RateLimitSettings(true, null);
    private final RateLimits rates = new RateLimits(() -> settings, false, () -> 1);
    private final MembershipLimits limits = new MembershipLimits(new WriteLimits(
            limit("messages", 10),
            limit("joins", 4),
            limit("joins of room", 2),
            limit("invites into room", 3),
            limit("invites of user", 2),
            limit("invites by user", 100),
            limit("refused leaves", 3),
            limit("new rooms", 1),
            limit("signals", 10),
            limit("presence", 10),
            limit("delayed events", 10),
            limit("reports", 10)));

    private AttemptLimit limit(String action, int burst) {
        return rates.setting(action, () -> burst + " at once, 1 per hour");
    }

    private static UserId user(int number) {
        return UserId.parse("@user" + number + ":localhost");
    }

    private void succeeds(UserId requester, MembershipAction action, UserId target) {
        limits.before(requester, ROOM, action, target);
        limits.after(requester, ROOM, action, target);
    }

    @Test
    void aStrangerCannotUseUpTheInvitationsOfARoom() {
        for (int i = 0; i < 50; i++) { // Each is refused by the room, so nothing follows.
            limits.before(MALLORY, ROOM, MembershipAction.INVITE, user(i));
        }
        assertThatCode(() -> succeeds(ALICE, MembershipAction.INVITE, BOB)).doesNotThrowAnyException();
    }

    @Test
    void aRefusedInviterCannotUseUpTheInvitationsThatAUserGets() {
        for (int i = 0; i < 50; i++) {
            limits.before(MALLORY, ROOM, MembershipAction.INVITE, BOB);
        }
        assertThatCode(() -> succeeds(ALICE, MembershipAction.INVITE, BOB)).doesNotThrowAnyException();
    }

    @Test
    void limitsInvitationsIntoARoom() {
        for (int i = 0; i < 3; i++) {
            succeeds(user(i), MembershipAction.INVITE, user(100 + i));
        }
        assertThatThrownBy(() -> succeeds(ALICE, MembershipAction.INVITE, BOB)).isInstanceOf(MatrixException.class);
    }

    @Test
    void limitsInvitationsThatAUserGets() {
        succeeds(ALICE, MembershipAction.INVITE, BOB);
        limits.afterCreation(MALLORY, List.of(BOB));
        assertThatThrownBy(() -> limits.beforeCreation(user(1), List.of(BOB))).isInstanceOf(MatrixException.class);
    }

    @Test
    void whoMayNotJoinCannotUseUpTheJoinsIntoARoom() {
        for (int i = 0; i < 50; i++) {
            limits.before(user(i), ROOM, MembershipAction.JOIN, user(i));
        }
        assertThatCode(() -> succeeds(ALICE, MembershipAction.JOIN, ALICE)).doesNotThrowAnyException();
    }

    @Test
    void limitsJoinsIntoARoomAndJoinsOfAUser() {
        succeeds(ALICE, MembershipAction.JOIN, ALICE);
        succeeds(BOB, MembershipAction.JOIN, BOB);
        assertThatThrownBy(() -> succeeds(MALLORY, MembershipAction.JOIN, MALLORY))
                .isInstanceOf(MatrixException.class);
    }

    @Test
    void leavingIsAlwaysPossible() {
        for (int i = 0; i < 100; i++) {
            succeeds(ALICE, MembershipAction.LEAVE, ALICE);
        }
        assertThat(limits).isNotNull();
    }

    @Test
    void leavingRoomsThatOneIsNotInIsLimited() {
        for (int i = 0; i < 3; i++) {
            limits.before(MALLORY, ROOM, MembershipAction.LEAVE, MALLORY);
            limits.refused(MALLORY, MembershipAction.LEAVE);
        }
        assertThatThrownBy(() -> limits.before(MALLORY, ROOM, MembershipAction.LEAVE, MALLORY))
                .isInstanceOf(MatrixException.class);
        assertThatCode(() -> succeeds(ALICE, MembershipAction.LEAVE, ALICE)).doesNotThrowAnyException();
    }

    @Test
    void limitsNewRooms() {
        limits.beforeCreation(ALICE, List.of());
        assertThatThrownBy(() -> limits.beforeCreation(ALICE, List.of())).isInstanceOf(MatrixException.class);
    }
}
