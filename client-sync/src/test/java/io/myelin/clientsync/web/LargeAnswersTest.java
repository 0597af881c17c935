package io.myelin.clientsync.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.matrix.id.UserId;
import io.myelin.web.MatrixException;
import io.myelin.web.StreamedJson.Turn;
import io.myelin.web.config.ConfigurationLoader;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.StandardEnvironment;

class LargeAnswersTest {
    private static final UserId ALICE = new UserId("@alice:test");
    private static final UserId BOB = new UserId("@bob:test");

    private final LargeAnswers answers = new LargeAnswers(3, 2, Duration.ZERO);

    private static void assertRefused(LargeAnswers answers, UserId user) {
        assertThatThrownBy(() -> answers.turn(user))
                .isInstanceOfSatisfying(
                        MatrixException.class, e -> assertThat(e.status()).isEqualTo(429));
    }

    @Test
    void oneUserCannotTakeAllTurns() {
        Turn first = answers.turn(ALICE);
        answers.turn(ALICE);
        assertRefused(answers, ALICE);

        answers.turn(BOB);

        assertRefused(answers, BOB);
        first.close();
        assertThat(answers.turn(BOB)).isNotNull();
    }

    private static LargeAnswers configured(Map<String, String> values) {
        var properties = ConfigurationLoader.load(new StandardEnvironment(), null, values);
        return LargeAnswers.of(properties.sync(), Duration.ZERO);
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
