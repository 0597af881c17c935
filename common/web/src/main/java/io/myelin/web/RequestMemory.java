package io.myelin.web;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The memory that the bodies of all requests under way may take together, including their parsed form. A request that
 * finds too little waits for a second, and then gets {@code M_LIMIT_EXCEEDED}. A quarter is reserved for small bodies,
 * so that large ones never block them. The requests of one address may take a quarter together, so that many slow small
 * bodies do not block other addresses. A single request may take more while it is the only one of its address.
 */
final class RequestMemory {
    private static final int SMALL_BYTES = 64 << 10;
    private static final int SHARE_OF_AN_ADDRESS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** The memory of one element of an array or one member of an object in parsed form, beyond its text. */
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
     * A share for one request, still empty.
     *
     * @param address the client's, see {@link io.myelin.web.address.ClientAddress#network}; null for this machine,
     *     whose requests have no limit per address
     */
    Share share(@Nullable String address) {
        return new Share(address);
    }

    /** The memory that one request has taken. Not thread-safe. */
    final class Share {
        private final @Nullable String address;
        private long bytes;

        private Share(@Nullable String address) {
            this.address = address;
        }

        /**
         * @throws MatrixException 413 if no request may ever take so much; 429 if so much is not free now, or the
         *     address has no more left
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

        /** Gives all of the memory back. */
        void release() {
            give(this);
            bytes = 0;
        }
    }

    /** An estimate of the memory of a parsed body: its text, and a fixed size for each part of it. */
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
            // Other requests of the address may have taken some while this one waited.
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

    /** Refuses at once, without a wait, if the address has taken its part: every release wakes all waiting requests. */
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
