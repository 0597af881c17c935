package io.myelin.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LeaseTermTest {

    private static final long SECOND = 1_000_000_000L;

    private final LeaseTerm term = new LeaseTerm(7 * SECOND, 1_000_000);

    @Test
    void holdsForTwoSecondsFromBeforeTheRenewalWasSent() {
        assertThat(term.holds(9 * SECOND - 1, 1_001_999)).isTrue();
        assertThat(term.holds(9 * SECOND, 1_002_000)).isFalse();
    }

    @Test
    void endsWhileTheMachineIsSuspendedAndItsMonotonicClockStandsStill() {
        assertThat(term.holds(7 * SECOND, 1_010_000)).isFalse();
    }

    @Test
    void endsThoughTheWallClockWasSetBack() {
        assertThat(term.holds(9 * SECOND, 500_000)).isFalse();
    }

    @Test
    void holdsThoughTheWallClockWasSetBackALittle() {
        assertThat(term.holds(8 * SECOND, 999_000)).isTrue();
    }
}
