package io.myelin.engine.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LooksTest {

    private final Looks looks = new Looks(500);

    @Test
    void looksRegularlyAndNeverTwiceAtATime() {
        assertThat(looks.begin(1_000)).isTrue();
        assertThat(looks.begin(9_000)).isFalse();
        assertThat(looks.ended(looks.life(), 1_010, false)).isTrue();
        assertThat(looks.begin(1_499)).isFalse();
        assertThat(looks.begin(1_500)).isTrue();
    }

    @Test
    void looksMoreOftenWhileShardsAreMoving() {
        looks.begin(1_000);
        looks.ended(looks.life(), 1_010, true);
        assertThat(looks.begin(1_109)).isFalse();
        assertThat(looks.begin(1_110)).isTrue();
    }

    @Test
    void looksOnceMoreIfSomethingMovedMeanwhile() {
        looks.begin(1_000);
        looks.soon();
        looks.ended(looks.life(), 1_001, false);
        assertThat(looks.begin(1_001)).isTrue();
    }

    @Test
    void whatWasSeenBeforeTheLeaseWasLostIsVoid() {
        looks.begin(1_000);
        int life = looks.life();
        looks.beginAnew();
        assertThat(looks.ended(life, 1_001, false)).isFalse();
        assertThat(looks.begin(1_001)).isTrue();
        assertThat(looks.ended(life, 1_002, false)).isFalse();
        assertThat(looks.underWay()).isTrue();
        assertThat(looks.ended(looks.life(), 1_003, false)).isTrue();
    }
}
