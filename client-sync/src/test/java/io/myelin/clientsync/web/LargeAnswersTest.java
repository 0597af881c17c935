package io.myelin.clientsync.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.matrix.id.UserId;
import io.myelin.web.MatrixException;
import io.myelin.web.StreamedJson.Turn;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LargeAnswersTest {
    private static final UserId ALICE = new UserId("@alice:test");
    private static final UserId BOB = new UserId("@bob:test");

    private final LargeAnswers answers = new LargeAnswers(3, 2, Duration.ZERO);

    private void assertRefused(UserId user) {
        assertThatThrownBy(() -> answers.turn(user))
                .isInstanceOfSatisfying(
                        MatrixException.class, e -> assertThat(e.status()).isEqualTo(429));
    }

    @Test
    void oneUserCannotTakeAllTurns() {
        Turn first = answers.turn(ALICE);
        answers.turn(ALICE);
        assertRefused(ALICE);

        answers.turn(BOB);

        assertRefused(BOB);
        first.close();
        assertThat(answers.turn(BOB)).isNotNull();
    }
}
