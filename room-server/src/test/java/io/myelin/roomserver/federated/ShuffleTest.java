package io.myelin.roomserver.federated;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShuffleTest {
    private static final List<Integer> EVENTS = IntStream.range(0, 200).boxed().toList();

    @Test
    void isTheSameForTheSameSeed() {
        assertThat(Shuffle.of(EVENTS, 7)).isEqualTo(Shuffle.of(EVENTS, 7)).isNotEqualTo(Shuffle.of(EVENTS, 8));
    }

    @Test
    void bringsAllAndSomeTwice() {
        List<Integer> arrivals = Shuffle.of(EVENTS, 1);
        assertThat(arrivals).containsAll(EVENTS).hasSizeGreaterThan(EVENTS.size());
    }

    @Test
    void bringsSomeBeforeThoseThatTheyMayCite() {
        List<Integer> arrivals = Shuffle.of(EVENTS, 1);
        assertThat(arrivals).isNotEqualTo(arrivals.stream().sorted().toList());
    }

    @Test
    void bringsSomeLateButNoneLaterThanItsBound() {
        var come = new HashSet<Integer>();
        int longestWait = 0;
        for (int arrival : Shuffle.of(EVENTS, 1)) {
            come.add(arrival);
            int awaited = IntStream.range(0, EVENTS.size())
                    .filter(event -> !come.contains(event))
                    .findFirst()
                    .orElse(EVENTS.size());
            longestWait = Math.max(longestWait, arrival - awaited);
        }
        assertThat(longestWait).isGreaterThan(Shuffle.WINDOW).isLessThan(Shuffle.LATEST);
    }
}
