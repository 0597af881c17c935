package io.myelin.embedded;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Time;

/**
 * The system's time, but the monotonic clock can leap ahead, so that running time-outs expire. The time of day does not
 * change.
 */
final class LeapingTime implements Time {
    private final AtomicLong leapt = new AtomicLong();

    /** Lets the monotonic clock leap ahead by this much. */
    void leap(Duration over) {
        leapt.addAndGet(over.toNanos());
    }

    @Override
    public long nanoseconds() {
        return Time.SYSTEM.nanoseconds() + leapt.get();
    }

    @Override
    public long milliseconds() {
        return Time.SYSTEM.milliseconds();
    }

    /** Not affected by leaps: the broker's timers read the system's clock even if the broker is given another one. */
    @Override
    public long hiResClockMs() {
        return Time.SYSTEM.hiResClockMs();
    }

    @Override
    public void sleep(long ms) {
        Time.SYSTEM.sleep(ms);
    }

    @Override
    public void waitObject(Object on, Supplier<Boolean> condition, long deadlineMs) throws InterruptedException {
        Time.SYSTEM.waitObject(on, condition, deadlineMs);
    }
}
