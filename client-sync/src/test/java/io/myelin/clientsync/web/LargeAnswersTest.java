package io.myelin.clientsync.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.clientsync.cache.MemoryBudget;
import io.myelin.clientsync.config.ClientSyncSettings;
import io.myelin.matrix.id.UserId;
import io.myelin.settings.ConfigurationLoader;
import io.myelin.settings.KnownSettings;
import io.myelin.web.MatrixException;
import io.myelin.web.StreamedJson.SendPermit;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.StandardEnvironment;

class LargeAnswersTest {
    private static final UserId ALICE = new UserId("@alice:test");
    private static final UserId BOB = new UserId("@bob:test");

    private static final int MEMORY = 64 << 20;

    private final MemoryBudget memory = new MemoryBudget(MEMORY, Duration.ofHours(1), Runnable::run, System::nanoTime);
    private final LargeAnswers answers = new LargeAnswers(() -> 3, () -> 2, Duration.ZERO, memory);

    private static void assertRefused(LargeAnswers answers, UserId user) {
        assertThatThrownBy(() -> answers.turn(user))
                .isInstanceOfSatisfying(
                        MatrixException.class, e -> assertThat(e.status()).isEqualTo(429));
    }

    @Test
    void oneUserCannotTakeAllTurns() {
        SendPermit first = answers.turn(ALICE);
        answers.turn(ALICE);
        assertRefused(answers, ALICE);

        answers.turn(BOB);

        assertRefused(answers, BOB);
        first.close();
        assertThat(answers.turn(BOB)).isNotNull();
    }

    @Test
    void whatAnswersKeepCountsOnceUntilTheLastOfThemIsSent() {
        LargeAnswers many = new LargeAnswers(() -> 100, () -> 100, Duration.ZERO, memory);
        String kitchen = "kitchen";
        SendPermit first = many.turn(ALICE, kitchen, 12 << 20);
        SendPermit second = many.turn(BOB, kitchen, 12 << 20);
        assertThat(memory.used()).isBetween(12L << 20, 13L << 20);
        many.turn(ALICE, "hall", 12 << 20);

        assertThatThrownBy(() -> many.turn(ALICE, "attic", 12 << 20)).isInstanceOf(MatrixException.class);

        first.close();
        assertThatThrownBy(() -> many.turn(ALICE, "attic", 12 << 20)).isInstanceOf(MatrixException.class);
        second.close();
        assertThat(many.turn(ALICE, "attic", 12 << 20)).isNotNull();
    }

    @Test
    void whatIsRefusedIsKeptNoLonger() {
        SendPermit first = answers.turn(ALICE);
        SendPermit second = answers.turn(ALICE);
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> answers.turn(ALICE, new Object(), 12 << 20))
                    .isInstanceOf(MatrixException.class);
        }
        first.close();
        second.close();

        assertThat(memory.used()).isZero();
    }

    private LargeAnswers configured(Map<String, String> values) {
        var sync = ConfigurationLoader.load(
                        new StandardEnvironment(), null, values, KnownSettings.of(ClientSyncSettings.class))
                .of(ClientSyncSettings.class)
                .sync();
        return new LargeAnswers(sync::largeAnswers, sync::largeAnswersPerUser, Duration.ZERO, memory);
    }

    @Test
    void threeDevicesOfOneUserReadAtOnce() {
        LargeAnswers standard = configured(Map.of());
        for (int device = 0; device < 3; device++) {
            assertThat(standard.turn(ALICE)).isNotNull();
        }
    }

    @Test
    void sixteenSlowReadersKeepNobodyFromReading() {
        LargeAnswers standard = configured(Map.of());
        for (int user = 0; user < 16; user++) {
            standard.turn(new UserId("@slow" + user + ":test"));
        }
        assertThat(standard.turn(ALICE)).isNotNull();
    }

    @Test
    void asManyAreSentAsAreConfigured() {
        LargeAnswers few = configured(Map.of("sync.large-answers", "2", "sync.large-answers-per-user", "1"));
        few.turn(ALICE);
        assertRefused(few, ALICE);
        few.turn(BOB);
        assertRefused(few, new UserId("@carol:test"));
    }
}
