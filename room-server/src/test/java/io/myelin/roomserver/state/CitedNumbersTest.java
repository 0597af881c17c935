package io.myelin.roomserver.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CitedNumbersTest {

    @Test
    void whatIsWrittenIsReadNewestFirst() {
        Random random = new Random(1);
        for (int round = 0; round < 10_000; round++) {
            long event = random.nextLong(1, 1L << random.nextInt(1, 63));
            List<Long> cited = LongStream.range(0, random.nextInt(12))
                    .map(_ -> random.nextLong(event))
                    .boxed()
                    .toList();

            assertThat(CitedNumbers.parse(event, CitedNumbers.toBytes(event, cited)))
                    .isEqualTo(cited.stream()
                            .distinct()
                            .sorted(Comparator.reverseOrder())
                            .toList());
        }
    }

    @Test
    void anEventThatRestsOnNothingTakesNothing() {
        assertThat(CitedNumbers.toBytes(7, List.of())).isEmpty();
        assertThat(CitedNumbers.parse(7, new byte[0])).isEmpty();
    }

    @Test
    void aMemberOfALargeRoomTakesLittle() {
        assertThat(CitedNumbers.toBytes(2_000_000, List.of(1_000_001L, 1_000_003L, 1_000_004L, 1_900_000L)))
                .hasSizeLessThan(10);
        assertThat(CitedNumbers.toBytes(1L << 40, List.of(1L, 3L, 4L, 1L << 39)))
                .hasSizeLessThan(20);
    }

    @Test
    void evenWhatWasTakenLaterIsReadAsItWasWritten() {
        assertThat(CitedNumbers.parse(7, CitedNumbers.toBytes(7, List.of(9L, 3L))))
                .containsExactly(9L, 3L);
    }
}
