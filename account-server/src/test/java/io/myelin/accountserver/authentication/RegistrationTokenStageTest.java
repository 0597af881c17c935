package io.myelin.accountserver.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.web.AttemptLimit;
import io.myelin.web.MatrixException;
import io.myelin.web.address.ClientAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RegistrationTokenStageTest {
    private final AttemptLimit limit = new AttemptLimit(() -> 3);

    @Test
    void takesEachOfTheTokens() {
        assertThat(isValid("198.51.100.1", "one")).isTrue();
        assertThat(isValid("198.51.100.1", "two")).isTrue();
        assertThat(isValid("198.51.100.1", "one,two")).isFalse();
    }

    @Test
    void letsAnAddressGuessOnlySoOften() {
        for (int i = 0; i < 3; i++) {
            assertThat(isValid("203.0.113.9", "guess" + i)).isFalse();
        }
        assertThatThrownBy(() -> isValid("203.0.113.9", "one")).isInstanceOf(MatrixException.class);
        assertThat(isValid("198.51.100.1", "one")).isTrue();
    }

    @Test
    void countsNoTokenThatIsRight() {
        for (int i = 0; i < 10; i++) {
            assertThat(isValid("198.51.100.1", "one")).isTrue();
        }
    }

    @Test
    void checksNoMoreTokensAtOnceThanOneAfterTheOther() throws Exception {
        var checked = new AtomicInteger();
        var all = new CountDownLatch(8);
        var stage = new RegistrationTokenStage(
                List::of,
                _ -> {
                    checked.incrementAndGet();
                    await(all);
                    return false;
                },
                limit);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                var _ = threads.submit(() -> {
                    try {
                        stage.isValid("guess", new ClientAddress("203.0.113.9", false));
                    } catch (MatrixException tooMany) {
                        all.countDown();
                    }
                });
                all.countDown();
            }
        }
        assertThat(checked).hasValue(3);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(5, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean isValid(String address, String token) {
        return new RegistrationTokenStage(() -> List.of("one", "two"), _ -> false, limit)
                .isValid(token, new ClientAddress(address, false));
    }
}
