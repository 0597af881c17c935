package io.myelin.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.matrix.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AttemptLimitTest {
    private long now = 1_000;
    private final AttemptLimit limit = new AttemptLimit(() -> 3, () -> now);

    @Test
    void allowsSoManyAtOnceAndThenSaysWhenToComeBack() {
        attempts(3);
        assertThatThrownBy(() -> limit.attempt("alice")).isInstanceOfSatisfying(MatrixException.class, e -> {
            assertThat(e.status()).isEqualTo(429);
            JsonObject body = e.body();
            assertThat(body.string("errcode")).contains("M_LIMIT_EXCEEDED");
            assertThat(body.integer("retry_after_ms").orElseThrow()).isBetween(20_000L, 20_001L);
        });
    }

    @Test
    void allowsAnotherWhenTimeHasPassed() {
        attempts(3);
        now += Duration.ofSeconds(20).toNanos();
        attempts(1);
        assertThatThrownBy(() -> limit.attempt("alice")).isInstanceOf(MatrixException.class);
    }

    @Test
    void doesNotMindOthers() {
        attempts(3);
        assertThatCode(() -> limit.attempt("bob")).doesNotThrowAnyException();
    }

    @Test
    void saysWithoutCountingWhetherThereIsAnAttemptLeft() {
        for (int i = 0; i < 10; i++) {
            limit.requireAttempt("alice");
        }
        attempts(3);
        assertThatThrownBy(() -> limit.requireAttempt("alice")).isInstanceOf(MatrixException.class);
        now += Duration.ofSeconds(20).toNanos();
        assertThatCode(() -> limit.requireAttempt("alice")).doesNotThrowAnyException();
    }

    @Test
    void isNoLimitAtZero() {
        AttemptLimit none = new AttemptLimit(() -> 0);
        for (int i = 0; i < 1000; i++) {
            none.attempt("alice");
        }
        assertThat(none).isNotNull();
    }

    @Test
    void takesBackWhatWasNoWrongGuess() {
        attempts(3);
        limit.giveBack("alice");
        attempts(1);
        assertThatThrownBy(() -> limit.attempt("alice")).isInstanceOf(MatrixException.class);
    }

    @Test
    void neverAllowsMoreThanTheRateSays() {
        attempts(1);
        limit.giveBack("alice");
        limit.giveBack("alice");
        attempts(3);
        assertThatThrownBy(() -> limit.attempt("alice")).isInstanceOf(MatrixException.class);
    }

    private void attempts(int count) {
        for (int i = 0; i < count; i++) {
            limit.attempt("alice");
        }
    }
}
