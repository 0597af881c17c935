package io.myelin.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class PendingCommandTest {

    private final PendingCommand command = new PendingCommand(new ProducerRecord<>("input", new byte[0]), 30_000);

    @Test
    void isNotRepeatedWhileTheProducerTries() {
        command.handedOver(0);

        assertThat(command.isDue(29_000)).isFalse();
    }

    @Test
    void isRepeatedEverySecondWhileTheBrokerDoesNotTakeIt() {
        for (long now = 0; now < 20_000; now += 1_000) {
            command.handedOver(now);
            command.failed();

            assertThat(command.isDue(now + 999)).isFalse();
            assertThat(command.isDue(now + 1_000)).isTrue();
        }
    }

    @Test
    void isRepeatedLessAndLessOftenWhileNobodyAnswers() {
        long now = 0;
        for (long pause : new long[] {1_000, 2_000, 4_000, 8_000, 8_000}) {
            command.handedOver(now);
            command.delivered();

            assertThat(command.isDue(now + pause - 1)).isFalse();
            assertThat(command.isDue(now + pause)).isTrue();
            now += pause;
        }
    }

    @Test
    void isRepeatedEverySecondAgainOnceTheBrokerIsGone() {
        command.handedOver(0);
        command.delivered();
        command.handedOver(1_000);
        command.delivered();
        command.handedOver(3_000);
        command.failed();
        command.handedOver(7_000);
        command.failed();

        assertThat(command.isDue(8_000)).isTrue();
    }

    @Test
    void expiresWithItsDeadline() {
        assertThat(command.isExpired(30_000)).isFalse();
        assertThat(command.isExpired(30_001)).isTrue();
    }
}
