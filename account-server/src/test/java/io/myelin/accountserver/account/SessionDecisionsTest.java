package io.myelin.accountserver.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountCommand.NewDevice;
import io.myelin.contracts.account.AccountCommand.RefreshTokens;
import io.myelin.contracts.account.AccountFact;
import io.myelin.matrix.id.UserId;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SessionDecisionsTest {
    private static final UserId ALICE = UserId.parse("@alice:example.org");
    private static final long NEVER = 0;

    private final Lane lane = new Lane();

    @BeforeEach
    void register() {
        lane.decide(new AccountCommand.Register(ALICE, "hash", null, false, false, null));
        lane.decide(new AccountCommand.BeginSession(
                ALICE, new NewDevice("PHONE", null, hash(1), new RefreshTokens(5_000, hash(11), NEVER))));
    }

    @Nested
    class Refreshing {
        @Test
        void replacesTheTokensAndKeepsTheSession() {
            Device before = phone();
            assertThat(refresh(11, 2, 12).answer()).isInstanceOf(AccountAnswer.Done.class);
            Device after = phone();
            assertThat(after.tokenHash()).isEqualTo(hash(2));
            assertThat(after.expiresAt()).isEqualTo(9_000);
            assertThat(after.session()).isEqualTo(before.session());
        }

        @Test
        void takesATokenAgainWhoseAnswerMayBeLost() {
            refresh(11, 2, 12);
            assertThat(refresh(11, 3, 13).answer()).isInstanceOf(AccountAnswer.Done.class);
            assertThat(phone().tokenHash()).isEqualTo(hash(3));
        }

        @Test
        void endsTheOldTokenWhenTheNewAccessTokenIsUsed() {
            refresh(11, 2, 12);
            assertThat(use(2).answer()).isInstanceOf(AccountAnswer.Done.class);
            assertThat(refresh(11, 3, 13).facts()).containsExactly(new AccountFact.DeviceRemoved(ALICE, "PHONE"));
        }

        @Test
        void changesSomethingForTheFirstUseAlone() {
            assertThat(use(1).facts()).isEmpty();
            refresh(11, 2, 12);
            assertThat(use(1).facts()).isEmpty();
            assertThat(use(2).facts()).hasSize(1);
            assertThat(use(2).facts()).isEmpty();
        }

        @Test
        void refreshesOnAfterTheFirstUse() {
            refresh(11, 2, 12);
            use(2);
            assertThat(refresh(12, 3, 13).answer()).isInstanceOf(AccountAnswer.Done.class);
            assertThat(refresh(12, 4, 14).answer()).isInstanceOf(AccountAnswer.Done.class);
            assertThat(refresh(11, 5, 15).facts()).containsExactly(new AccountFact.DeviceRemoved(ALICE, "PHONE"));
        }

        @Test
        void saysThatAnAccountIsLockedToTheHolderOfAValidTokenAlone() {
            lane.decide(new AccountCommand.Restrict(ALICE, true, null));
            refresh(99, 2, 12).isRefused(401, "M_UNKNOWN_TOKEN");
            refresh(11, 2, 12).isRefused(401, "M_USER_LOCKED");
        }

        @Test
        void endsTheSessionIfATokenIsUsedWhoseSuccessorWasUsed() {
            refresh(11, 2, 12);
            refresh(12, 3, 13);
            var result = refresh(11, 4, 14);
            assertThat(result.answer()).isInstanceOf(AccountAnswer.Refused.class);
            assertThat(result.facts()).containsExactly(new AccountFact.DeviceRemoved(ALICE, "PHONE"));
            refresh(13, 5, 15).isRefused(401, "M_UNKNOWN_TOKEN");
        }

        @Test
        void endsTheSessionIfTheOwnerUsesATokenThatAThiefHasReplaced() {
            refresh(11, 2, 12);
            refresh(11, 3, 13); // A thief has the first token, and gets new ones in place of the owner's.
            assertThat(refresh(12, 4, 14).facts()).containsExactly(new AccountFact.DeviceRemoved(ALICE, "PHONE"));
        }

        @Test
        void refusesATokenThatIsNotKnown() {
            refresh(99, 2, 12).isRefused(401, "M_UNKNOWN_TOKEN");
        }

        @Test
        void refusesATokenThatHasExpired() {
            lane.decide(new AccountCommand.BeginSession(
                    ALICE, new NewDevice("OLD", null, hash(7), new RefreshTokens(1, hash(17), 2))));
            refresh(17, 8, 18).isRefused(401, "M_UNKNOWN_TOKEN");
        }

        @Test
        void forgetsTheOldestTokens() {
            for (int i = 0; i < 3 * Refresh.REMEMBERED; i++) {
                refresh(11 + i, 100 + i, 12 + i);
                use(100 + i);
            }
            assertThat(phone().refresh())
                    .isNotNull()
                    .satisfies(tokens -> assertThat(tokens.hashes()).hasSize(Refresh.REMEMBERED));
        }
    }

    @Nested
    class Restricting {
        @Test
        void locksAndUnlocksWithoutEndingSessions() {
            var locked = lane.decide(new AccountCommand.Restrict(ALICE, true, null));
            assertThat(locked.facts()).containsExactly(new AccountFact.AccountRestricted(ALICE, true, false));
            assertThat(account().devices()).containsKey("PHONE");
            var suspended = lane.decide(new AccountCommand.Restrict(ALICE, null, true));
            assertThat(suspended.facts()).containsExactly(new AccountFact.AccountRestricted(ALICE, true, true));
            assertThat(lane.decide(new AccountCommand.Restrict(ALICE, true, true))
                            .facts())
                    .isEmpty();
        }

        @Test
        void refusesToRestrictAClosedAccount() {
            lane.decide(new AccountCommand.Deactivate(ALICE, false));
            lane.decide(new AccountCommand.Restrict(ALICE, true, null)).isRefused(404, "M_NOT_FOUND");
        }
    }

    @Nested
    class Guests {
        private static final UserId GUEST = UserId.parse("@guest-1:example.org");

        @Test
        void becomeOrdinaryUsersAndLogInAnew() {
            lane.decide(
                    new AccountCommand.Register(GUEST, null, new NewDevice("GUEST", null, hash(5)), false, true, null));
            var result =
                    lane.decide(new AccountCommand.UpgradeGuest(GUEST, "hash", new NewDevice("NEW", null, hash(6))));
            assertThat(result.facts())
                    .contains(
                            new AccountFact.AccountRegistered(GUEST, false, false),
                            new AccountFact.DeviceRemoved(GUEST, "GUEST"));
        }

        @Test
        void areTheOnlyOnesWhoCan() {
            lane.decide(new AccountCommand.UpgradeGuest(ALICE, "hash", null)).isRefused(403, "M_FORBIDDEN");
        }
    }

    private Lane.Result refresh(int presented, int access, int next) {
        return lane.decide(new AccountCommand.RefreshSession(
                ALICE, hash(presented), hash(access), new RefreshTokens(9_000, hash(next), NEVER)));
    }

    private Lane.Result use(int access) {
        return lane.decide(new AccountCommand.UseTokens(ALICE, hash(access)));
    }

    private UserState.Account account() {
        return (UserState.Account) lane.state(new EntityKey.OfUser(ALICE));
    }

    private Device phone() {
        Device phone = account().devices().get("PHONE");
        assertThat(phone).isNotNull();
        return phone;
    }

    private static byte[] hash(int number) {
        byte[] hash = new byte[32];
        Arrays.fill(hash, (byte) number);
        return hash;
    }
}
