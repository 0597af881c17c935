package io.myelin.engine.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OwnerScansTest {

    private final OwnerScans scans = new OwnerScans(500);

    @Test
    void looksRegularlyAndNeverTwiceAtATime() {
        assertThat(scans.begin(1_000)).isTrue();
        assertThat(scans.begin(9_000)).isFalse();
        assertThat(scans.ended(scans.life(), 1_010, false)).isTrue();
        assertThat(scans.begin(1_499)).isFalse();
        assertThat(scans.begin(1_500)).isTrue();
    }

    @Test
    void looksMoreOftenWhileShardsAreMoving() {
        scans.begin(1_000);
        scans.ended(scans.life(), 1_010, true);
        assertThat(scans.begin(1_109)).isFalse();
        assertThat(scans.begin(1_110)).isTrue();
    }

    @Test
    void looksOnceMoreIfSomethingMovedMeanwhile() {
        scans.begin(1_000);
        scans.soon();
        scans.ended(scans.life(), 1_001, false);
        assertThat(scans.begin(1_001)).isTrue();
    }

    @Test
    void whatWasSeenBeforeTheLeaseWasLostIsVoid() {
        scans.begin(1_000);
        int life = scans.life();
        scans.beginAnew();
        assertThat(scans.ended(life, 1_001, false)).isFalse();
        assertThat(scans.begin(1_001)).isTrue();
        assertThat(scans.ended(life, 1_002, false)).isFalse();
        assertThat(scans.underWay()).isTrue();
        assertThat(scans.ended(scans.life(), 1_003, false)).isTrue();
    }
}
