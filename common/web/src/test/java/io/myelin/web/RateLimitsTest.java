package io.myelin.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.matrix.id.UserId;
import io.myelin.settings.Rate;
import io.myelin.settings.RateLimitSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateLimitsTest {
    private static final UserId ALICE = UserId.parse("@alice:localhost");
    private static final UserId BOT = UserId.parse("@bot:localhost");

    private long now = 1_000;
    private int instances = 1;
    private String setting = "10 at once, 12 per minute";
    private RateLimitSettings settings = new RateLimitSettings(true, "@bot:localhost, @other:localhost");
    private final RateLimits limits = new RateLimits(() -> settings, false, () -> instances, () -> now);
    private final AttemptLimit messages = limits.setting("messages", () -> setting);

    private int allowed(AttemptLimit limit, UserId user) {
        for (int count = 0; count < 1_000; count++) {
            try {
                limit.attempt(user);
            } catch (MatrixException e) {
                return count;
            }
        }
        return 1_000;
    }

    @Test
    void allowsABurstAndThenTheRate() {
        assertThat(allowed(messages, ALICE)).isEqualTo(10);
        now += Duration.ofMinutes(1).toNanos() / 2;
        assertThat(allowed(messages, ALICE)).isEqualTo(6);
    }

    @Test
    void saysWhenTheNextAttemptIsPossible() {
        allowed(messages, ALICE);
        assertThatThrownBy(() -> messages.attempt(ALICE)).isInstanceOfSatisfying(MatrixException.class, e -> {
            assertThat(e.status()).isEqualTo(429);
            assertThat(e.body().integer("retry_after_ms").orElseThrow()).isBetween(5_000L, 5_001L);
        });
    }

    @Test
    void countsEachKindOfActionByItself() {
        allowed(messages, ALICE);
        assertThat(allowed(limits.setting("joins", () -> setting), ALICE)).isEqualTo(10);
    }

    @Test
    void allInstancesTogetherAllowWhatIsSet() {
        instances = 2;
        assertThat(allowed(messages, ALICE)).isEqualTo(5);
        now += Duration.ofMinutes(1).toNanos();
        assertThat(allowed(messages, ALICE)).isEqualTo(5);
        now += Duration.ofSeconds(30).toNanos();
        assertThat(allowed(messages, ALICE)).isEqualTo(3);
    }

    @Test
    void anInstanceMoreTakesItsPartFromTheOthers() {
        messages.attempt(ALICE);
        instances = 2;
        assertThat(allowed(messages, ALICE)).isBetween(4, 5);
    }

    @Test
    void anInstanceLessLeavesNobodyAFullBucket() {
        instances = 2;
        allowed(messages, ALICE);
        instances = 1;
        assertThat(allowed(messages, ALICE)).isZero();
    }

    @Test
    void doesNotLimitExemptUsers() {
        assertThat(allowed(messages, BOT)).isEqualTo(1_000);
    }

    @Test
    void followsChangedSettings() {
        assertThat(allowed(messages, ALICE)).isEqualTo(10);
        settings = new RateLimitSettings(true, "@alice:localhost");
        assertThat(allowed(messages, ALICE)).isEqualTo(1_000);
        settings = new RateLimitSettings(false, null);
        assertThat(allowed(messages, ALICE)).isEqualTo(1_000);
        settings = new RateLimitSettings(true, null);
        setting = "unlimited";
        assertThat(allowed(messages, ALICE)).isEqualTo(1_000);
        setting = "1 at once, 1 per hour";
        assertThat(allowed(messages, ALICE)).isZero();
    }

    @Test
    void isOffInTestMode() {
        var off = new RateLimits(() -> settings, true, () -> 1).setting("messages", () -> setting);
        assertThat(allowed(off, ALICE)).isEqualTo(1_000);
    }

    @Test
    void aSingleActionMayBeLargerThanTheBurstIfNothingWasDoneBefore() {
        messages.attempt(ALICE, 14);
        now += Duration.ofSeconds(20).toNanos();
        assertThat(allowed(messages, ALICE)).as("four are still owed").isZero();
        now += Duration.ofSeconds(5).toNanos();
        assertThat(allowed(messages, ALICE)).isEqualTo(1);
        assertThatThrownBy(() -> messages.attempt(ALICE, 14)).isInstanceOf(MatrixException.class);
    }

    @Test
    void askingAboutOthersKeysCostsNoMemory() {
        for (int i = 0; i < 1_000; i++) {
            messages.requireAttempt(ALICE, "!room" + i + ":localhost");
        }
        assertThat(limits.size()).isZero();
        messages.count(ALICE, "!room:localhost");
        assertThat(limits.size()).isEqualTo(1);
    }

    @Test
    void readsRates() {
        assertThat(Rate.parse("5 at once, 11 per hour")).isEqualTo(new Rate(5, 11, Duration.ofHours(1)));
        assertThat(Rate.parse("unlimited").isUnlimited()).isTrue();
        assertThatThrownBy(() -> Rate.parse("5 per day")).isInstanceOf(IllegalArgumentException.class);
    }
}
