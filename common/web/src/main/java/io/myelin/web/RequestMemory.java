package io.myelin.web;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The memory that the bodies of all requests under way may take together, with what parsing makes of them. Whoever finds
 * none waits for a moment, and is then told to come back. A quarter is for small bodies alone: large ones never keep
 * them out. The requests of one client's address have a quarter together: many small bodies that come slowly keep no
 * other address out. A single request may have more, while it is the only one of its address.
 */
final class RequestMemory {
    private static final int SMALL_BYTES = 64 << 10;
    private static final int SHARE_OF_AN_ADDRESS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** What one element of an array or one member of an object takes as an object, beyond its text. */
    private static final int BYTES_OF_A_PART = 48;

    private final long capacity;
    private final long patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();
    private final Map<String, Long> usedByAddress = new HashMap<>();
    private long used;
    private int waiting;

    RequestMemory(long capacity) {
        this(capacity, PATIENCE);
    }

    RequestMemory(long capacity, Duration patience) {
        this.capacity = capacity;
        this.patience = patience.toNanos();
    }

    /**
     * For one request, which has nothing yet.
     *
     * @param address of the client, as limits are counted by; null for this machine, which may have all there is
     */
    Share share(@Nullable String address) {
        return new Share(address);
    }

    /** What one request has of it. Not for several threads. */
    final class Share {
        private final @Nullable String address;
        private long bytes;

        private Share(@Nullable String address) {
            this.address = address;
        }

        /**
         * @throws MatrixException 413 if no request could ever have so much, 429 if there is not so much now, or not
         *     for this address
         */
        void reserve(long more) {
            long most = bytes + more <= SMALL_BYTES ? capacity : capacity / 4 * 3;
            if (bytes + more > most) {
                throw new MatrixException(
                        413, "M_TOO_LARGE", "The body takes more memory than this server has for requests.");
            }
            take(this, more, most);
            bytes += more;
        }

        /** Gives all of it back. */
        void release() {
            give(this);
            bytes = 0;
        }
    }

    /** What a body takes once it is parsed: its text, and something for each part of it. */
    static long parsedBytes(byte[] json) {
        long parts = 0;
        for (byte b : json) {
            if (b == ',' || b == ':' || b == '[' || b == '{') {
                parts++;
            }
        }
        return json.length + parts * BYTES_OF_A_PART;
    }

    long used() {
        lock.lock();
        try {
            return used;
        } finally {
            lock.unlock();
        }
    }

    private void take(Share share, long bytes, long most) {
        lock.lock();
        try {
            refuseTheGreedy(share, bytes);
            long left = patience;
            while (used + bytes > most) {
                if (left <= 0) {
                    throw MatrixException.tooMany(
                            "The server has as many large requests as it can hold. Try again.", Duration.ofSeconds(1));
                }
                waiting++;
                try {
                    left = freed.awaitNanos(left);
                } finally {
                    waiting--;
                }
            }
            // Others of its address may have taken some while it waited.
            refuseTheGreedy(share, bytes);
            used += bytes;
            if (share.address != null) {
                usedByAddress.merge(share.address, bytes, Long::sum);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MatrixException(503, "M_UNKNOWN", "The server is stopping.");
        } finally {
            lock.unlock();
        }
    }

    /** At once, and not after a wait: those who wait are woken whenever anybody gives something back. */
    private void refuseTheGreedy(Share share, long more) {
        if (share.address == null) {
            return;
        }
        long ofAddress = usedByAddress.getOrDefault(share.address, 0L);
        boolean isAlone = ofAddress == share.bytes;
        if (!isAlone && ofAddress + more > capacity / SHARE_OF_AN_ADDRESS) {
            throw MatrixException.tooMany(
                    "The server holds as much of your address's requests as it can. Try again.", Duration.ofSeconds(1));
        }
    }

    private void give(Share share) {
        long bytes = share.bytes;
        if (bytes == 0) {
            return;
        }
        lock.lock();
        try {
            used -= bytes;
            if (share.address != null) {
                usedByAddress.computeIfPresent(share.address, (_, all) -> all == bytes ? null : all - bytes);
            }
            if (waiting > 0) {
                freed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }
}
