package io.myelin.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Schedules of a lease, its owner and a claimer: the database crashes and loses renewals that it had acknowledged, the
 * owner's machine is suspended or cut off, or its wall clock is set back. The promise: while an owner believes that its
 * lease holds, no other process has taken over. {@link LeaseTerm} is the owner's rule; the claimer's rule is a model of
 * {@link ShardClaims}.
 */
class LeaseSchedulesTest {

    private static final long SCHEDULES = 2_000;

    private enum Mechanic {
        NONE,
        WAIT_AFTER_A_CRASH,
        WALL_CLOCK,
        MONOTONIC_CLOCK,
        COUNT_FROM_BEFORE_THE_RENEWAL
    }

    @Test
    void nobodyTakesOverWhileTheOwnerBelievesInItsLease() {
        assertThat(LongStream.rangeClosed(1, SCHEDULES).filter(seed -> new Schedule(seed, Mechanic.NONE).isBroken()))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void eachMechanicIsNeeded(Mechanic missing) {
        assertThat(LongStream.rangeClosed(1, SCHEDULES).anyMatch(seed -> new Schedule(seed, missing).isBroken()))
                .isTrue();
    }

    /** Times are milliseconds; the database's clock is the true one. */
    private static final class Schedule {
        private static final long LEASE = 2_000;
        private static final long STEP = 10;
        private static final long END = 30_000;

        private final Random random;
        private final Mechanic missing;
        private long now;

        // the database
        private long leaseUntil = LEASE;
        private long durableLeaseUntil = LEASE;
        private long lifeBegan = -LEASE;
        private long downUntil;

        // the owner
        private final boolean isSuspended;
        private long monotonic;
        private long wall;
        private long suspendedUntil;
        private long cutOffUntil;
        private LeaseTerm term = new LeaseTerm(0, 0);
        private @Nullable LeaseTerm underWay;
        private boolean applied;
        private long arrives;
        private long answered;
        private long renewAt;

        // the claimer
        private boolean takenOver;

        Schedule(long seed, Mechanic missing) {
            random = new Random(seed);
            this.missing = missing;
            isSuspended = seed % 2 == 0;
        }

        boolean isBroken() {
            for (; now < END; now += STEP) {
                database();
                owner();
                claimer();
                if (takenOver && now >= suspendedUntil && believes()) {
                    return true;
                }
            }
            return false;
        }

        private boolean happensOnceIn(long millis) {
            return random.nextLong(millis / STEP) == 0;
        }

        private void database() {
            if (now < downUntil) {
                return;
            }
            if (happensOnceIn(400)) {
                durableLeaseUntil = leaseUntil;
            }
            if (happensOnceIn(8_000)) {
                leaseUntil = durableLeaseUntil;
                downUntil = now + random.nextLong(1_500);
                lifeBegan = downUntil;
                if (now < answered) {
                    underWay = null;
                }
            } else if (underWay != null && !applied && now >= arrives && !takenOver) {
                leaseUntil = now + LEASE;
                applied = true;
            }
        }

        private void owner() {
            if (now < suspendedUntil) {
                wall += STEP;
                return;
            }
            monotonic += STEP;
            wall += STEP;
            if (happensOnceIn(10_000)) {
                if (isSuspended) {
                    suspendedUntil = now + random.nextLong(8_000);
                } else {
                    wall -= random.nextLong(5_000);
                }
            }
            if (happensOnceIn(10_000)) {
                cutOffUntil = now + random.nextLong(6_000);
                underWay = null;
            }
            if (now >= cutOffUntil) {
                renew();
            }
        }

        private void renew() {
            if (underWay == null && now >= renewAt && now >= downUntil) {
                underWay = clocks();
                applied = false;
                arrives = now + random.nextLong(1_000);
                answered = arrives + random.nextLong(300);
                renewAt = now + 500;
            }
            if (underWay != null && now >= answered) {
                if (applied) {
                    term = missing == Mechanic.COUNT_FROM_BEFORE_THE_RENEWAL ? clocks() : underWay;
                }
                underWay = null;
            }
        }

        private LeaseTerm clocks() {
            return new LeaseTerm(monotonic * 1_000_000, wall);
        }

        private boolean believes() {
            return term.holds(
                    missing == Mechanic.MONOTONIC_CLOCK ? term.sentNanos() : monotonic * 1_000_000,
                    missing == Mechanic.WALL_CLOCK ? term.sentMillis() : wall);
        }

        private void claimer() {
            boolean lostNoLease = missing == Mechanic.WAIT_AFTER_A_CRASH || lifeBegan < now - LEASE;
            if (now >= downUntil && !takenOver && lostNoLease && leaseUntil < now) {
                takenOver = true;
            }
        }
    }
}
