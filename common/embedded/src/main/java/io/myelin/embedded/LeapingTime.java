package io.myelin.embedded;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Time;

/** The system's time, but that what has begun can be made to be over. Only spans are affected, not the time of day. */
final class LeapingTime implements Time {
    private final AtomicLong leapt = new AtomicLong();

    /** Whatever takes so long, and has begun, is over. */
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

    /** Timers of the broker read this of the system's time, whichever time it was given. */
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
