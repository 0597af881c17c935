package io.myelin.engine;

import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Makes identifiers that sort by the time they were made (RFC 9562, version 7), so that rows keyed by them go to the
 * right edge of an index. Within one millisecond they count on.
 */
public final class UuidV7 implements Supplier<UUID> {

    private final LongSupplier clock;
    private final LongSupplier random;
    private long lastMillis;
    private int counter;

    /**
     * @param clock milliseconds since the epoch
     * @param random 64 random bits a call
     */
    public UuidV7(LongSupplier clock, LongSupplier random) {
        this.clock = clock;
        this.random = random;
    }

    @Override
    public synchronized UUID get() {
        long millis = Math.max(clock.getAsLong(), lastMillis);
        counter = millis == lastMillis ? counter + 1 : 0;
        if (counter > 0xFFF) {
            millis++;
            counter = 0;
        }
        lastMillis = millis;
        long high = millis << 16 | 0x7000L | counter;
        long low = random.getAsLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
