package io.myelin.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LatenciesTest {

    @Test
    void isExactForSmallNumbers() {
        var latencies = new Latencies();
        for (var nanos = 1; nanos <= 100; nanos++) {
            latencies.record(nanos);
        }
        assertThat(latencies.percentile(50)).isEqualTo(50);
        assertThat(latencies.percentile(99)).isEqualTo(99);
        assertThat(latencies.percentile(100)).isEqualTo(100);
        assertThat(latencies.max()).isEqualTo(100);
    }

    @Test
    void staysWithinOnePercentOfTheTruth() {
        var random = new Random(7);
        var all = new long[20_000];
        var latencies = new Latencies();
        for (var i = 0; i < all.length; i++) {
            all[i] = (long) Math.exp(random.nextDouble() * 25);
            latencies.record(all[i]);
        }
        Arrays.sort(all);
        for (var percent : new double[] {0.1, 1, 25, 50, 75, 95, 99, 99.9, 100}) {
            var truth = all[(int) Math.ceil(all.length * percent / 100) - 1];
            assertThat(latencies.percentile(percent)).isCloseTo(truth, withPercentage(1));
        }
    }

    @Test
    void takesTheLongestThereIs() {
        var latencies = new Latencies();
        latencies.record(Long.MAX_VALUE);
        assertThat(latencies.percentile(50)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void joinsWhatWorkersSaw() {
        var mine = new Latencies();
        mine.record(10);
        var yours = new Latencies();
        yours.record(20);
        yours.record(30);
        mine.add(yours);
        assertThat(mine.count()).isEqualTo(3);
        assertThat(mine.percentile(50)).isEqualTo(20);
        assertThat(mine.max()).isEqualTo(30);
    }

    @Test
    void saysZeroOfNothing() {
        assertThat(new Latencies().percentile(99)).isZero();
    }
}
