package io.myelin.roomserver.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EventNumbersTest {

    private static final long FAR = 1L << 40;

    @Test
    void aDifferenceIsWhatOneHasAndTheOtherHasNot() {
        EventNumbers one = EventNumbers.of(1, 2, FAR);
        EventNumbers other = EventNumbers.of(2, 3);

        assertThat(one.difference(other)).isEqualTo(EventNumbers.of(1, 3, FAR));
        assertThat(one.difference(one).isEmpty()).isTrue();
        assertThat(one).isEqualTo(EventNumbers.of(1, 2, FAR));
        assertThat(other).isEqualTo(EventNumbers.of(2, 3));
    }

    @Test
    void differencesAreGatheredInWhateverOrder() {
        Random random = new Random(1);
        for (int round = 0; round < 1_000; round++) {
            List<Set<Long>> sets = List.of(someNumbers(random), someNumbers(random), someNumbers(random));
            Set<Long> odd = new HashSet<>();
            sets.stream().flatMap(Collection::stream).forEach(number -> {
                if (!odd.remove(number)) {
                    odd.add(number);
                }
            });
            List<EventNumbers> numbers = sets.stream().map(EventNumbers::of).toList();

            assertThat(EventNumbers.differenceOf(numbers).toList())
                    .containsExactlyElementsOf(odd.stream().sorted().toList());
            assertThat(EventNumbers.differenceOf(numbers.reversed()))
                    .isEqualTo(numbers.get(0).difference(numbers.get(2)).difference(numbers.get(1)));
            assertThat(numbers.stream().map(EventNumbers::toList).map(Set::copyOf))
                    .isEqualTo(sets);
        }
    }

    @Test
    void whatSeveralHaveInCommonIsInEachOfThem() {
        EventNumbers one = EventNumbers.of(1, 2, 3, FAR);

        assertThat(EventNumbers.commonTo(List.of(one, EventNumbers.of(2, 3, 4, FAR), EventNumbers.of(3, FAR))))
                .isEqualTo(EventNumbers.of(3, FAR));
        assertThat(EventNumbers.commonTo(List.of(one, EventNumbers.NONE)).isEmpty())
                .isTrue();
        assertThat(EventNumbers.commonTo(List.of(one))).isEqualTo(one);
        assertThat(one).isEqualTo(EventNumbers.of(1, 2, 3, FAR));
    }

    @Test
    void setsAreUnitedAndTakenFromEachOther() {
        EventNumbers one = EventNumbers.of(1, 2, FAR);
        EventNumbers other = EventNumbers.of(2, 3);

        assertThat(one.unitedWith(other)).isEqualTo(EventNumbers.of(1, 2, 3, FAR));
        assertThat(one.without(other)).isEqualTo(EventNumbers.of(1, FAR));
        assertThat(other.without(one)).isEqualTo(EventNumbers.of(3));
        assertThat(one).isEqualTo(EventNumbers.of(1, 2, FAR));
        assertThat(other).isEqualTo(EventNumbers.of(2, 3));
        assertThat(one.first()).isEqualTo(1);
    }

    @Test
    void moreNumbersMakeAnotherSet() {
        EventNumbers one = EventNumbers.of(1, FAR);

        assertThat(one.with(List.of(1L, 7L))).isEqualTo(EventNumbers.of(1, 7, FAR));
        assertThat(one).isEqualTo(EventNumbers.of(1, FAR));
    }

    @Test
    void afterANumberAreThoseThatAreGreater() {
        assertThat(EventNumbers.of(1, 2, 3, FAR).after(2)).isEqualTo(EventNumbers.of(3, FAR));
        assertThat(EventNumbers.of(1, FAR).after(FAR).isEmpty()).isTrue();
    }

    @Test
    void whatIsWrittenIsReadAndTakesLittle() {
        Random random = new Random(2);
        for (int round = 0; round < 1_000; round++) {
            EventNumbers numbers = EventNumbers.of(someNumbers(random));

            assertThat(EventNumbers.parse(numbers.toBytes())).isEqualTo(numbers);
        }
        assertThat(EventNumbers.NONE.toBytes()).hasSizeLessThan(16);
        assertThat(EventNumbers.of(1_000_000_000L).toBytes()).hasSizeLessThan(64);
        assertThat(EventNumbers.of(random.longs(128, 0, 1_000_000).toArray()).toBytes())
                .hasSizeLessThan(1_024);
        assertThat(EventNumbers.of(random.longs(8_192, 0, 1_000_000).toArray()).toBytes())
                .hasSizeLessThan(20_000);
    }

    private static Set<Long> someNumbers(Random random) {
        Set<Long> numbers = new HashSet<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            numbers.add(random.nextBoolean() ? random.nextLong(8) : FAR + random.nextLong(200_000));
        }
        return numbers;
    }
}
