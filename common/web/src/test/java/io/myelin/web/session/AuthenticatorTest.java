package io.myelin.web.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.contracts.Unavailable;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.Session;
import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.web.MatrixException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuthenticatorTest {
    private static final ServerName SERVER = ServerName.parse("example.org");
    private static final UserId ALICE = UserId.of("alice", SERVER);
    private static final Session PHONE = new Session(ALICE, "PHONE", false, false, 1);

    private final SessionsOfOneUser accounts = new SessionsOfOneUser();
    private final AccessToken token = AccessToken.make(ALICE, new Random(1));
    private long now = 1_000_000_000_000L;
    private int barriers;
    private CompletableFuture<Void> barrier = CompletableFuture.completedFuture(null);
    private Runnable onBarrier = () -> {};
    private final Authenticator authenticator = new Authenticator(
            SERVER,
            16,
            accounts,
            _ -> {
                barriers++;
                onBarrier.run();
                return barrier;
            },
            () -> now);

    @BeforeEach
    void aliceIsLoggedIn() {
        accounts.add(token.hash(), PHONE);
    }

    @Test
    void asksOnceAndRemembersForASecond() {
        for (int i = 0; i < 5; i++) {
            assertThat(authenticator.authenticate(token.text())).isEqualTo(PHONE);
        }
        assertThat(accounts.questions()).isEqualTo(1);
        assertThat(barriers).isEqualTo(1);
    }

    @Test
    void asksForAnotherBarrierWhenASecondIsOver() {
        login();
        login();
        seconds(3);
        login();
        assertThat(barriers).isEqualTo(2);
        assertThat(accounts.questions()).isEqualTo(1);
    }

    @Test
    void refreshesTheBarrierBeforeTheSecondIsOver() {
        login();
        login();
        barrier = new CompletableFuture<>();
        now += 600_000_000;
        login();
        login();
        assertThat(barriers).isEqualTo(2);
    }

    @Test
    void trustsNothingCachedWhileTheBarrierFails() {
        login();
        seconds(3);
        barrier = CompletableFuture.failedFuture(new Unavailable("no database"));
        accounts.remove(token.hash());
        assertUnknown();
    }

    @Test
    void neverSaysUnknownWhenItCannotAsk() {
        login();
        seconds(3);
        barrier = CompletableFuture.failedFuture(new Unavailable("no database"));
        accounts.whenAsked(() -> {
            throw new Unavailable("no database");
        });
        assertThatThrownBy(() -> authenticator.authenticate(token.text())).isInstanceOf(Unavailable.class);
    }

    @Test
    void forgetsARemovedDevice() {
        login();
        accounts.remove(token.hash());
        fact(new AccountFact.DeviceRemoved(ALICE, "PHONE"));
        assertUnknown();
    }

    @Test
    void forgetsADeviceThatGotAnotherToken() {
        login();
        accounts.remove(token.hash());
        fact(new AccountFact.DeviceChanged(ALICE, "PHONE", null, new byte[32], 2));
        assertUnknown();
    }

    @Test
    void remembersADeviceThatGotAnotherName() {
        login();
        fact(new AccountFact.DeviceChanged(ALICE, "PHONE", "new name", token.hash(), 1));
        fact(new AccountFact.DeviceRemoved(ALICE, "LAPTOP"));
        login();
        assertThat(accounts.questions()).isEqualTo(1);
    }

    @Test
    void forgetsADeactivatedUser() {
        login();
        accounts.remove(token.hash());
        fact(new AccountFact.AccountDeactivated(ALICE, false));
        assertUnknown();
    }

    @Test
    void forgetsEverythingWhenTheTailStartsElsewhere() {
        login();
        accounts.remove(token.hash());
        authenticator.reset(3, new Committed(2, 0));
        assertUnknown();
    }

    @Test
    void refusesASessionThatTheBarrierBroughtTheEndOf() {
        login();
        seconds(3);
        accounts.remove(token.hash());
        onBarrier = () -> fact(new AccountFact.DeviceRemoved(ALICE, "PHONE"));
        assertUnknown();
    }

    @Test
    void doesNotRememberAnAnswerThatAFactOvertook() {
        accounts.whenAsked(() -> fact(new AccountFact.DeviceRemoved(ALICE, "PHONE")));
        login();
        accounts.whenAsked(() -> {});
        accounts.remove(token.hash());
        assertUnknown();
    }

    @Test
    void asksNobodyAboutAnInventedToken() {
        assertThatThrownBy(() -> authenticator.authenticate("mye_YWxpY2U_invented_000000"))
                .isInstanceOfSatisfying(
                        MatrixException.class, e -> assertThat(e.status()).isEqualTo(401));
        assertThat(accounts.questions()).isZero();
    }

    private void login() {
        assertThat(authenticator.authenticate(token.text())).isEqualTo(PHONE);
    }

    private void assertUnknown() {
        assertThatThrownBy(() -> authenticator.authenticate(token.text()))
                .isInstanceOfSatisfying(MatrixException.class, e -> {
                    assertThat(e.status()).isEqualTo(401);
                    assertThat(e.body().string("errcode")).contains("M_UNKNOWN_TOKEN");
                });
    }

    private void fact(AccountFact fact) {
        authenticator.apply(0, new Numbered<>(7, fact));
    }

    private void seconds(int seconds) {
        now += seconds * 1_000_000_000L;
    }
}
