package io.myelin.web;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The memory that the bodies of all requests under way may take together, with what parsing makes of them. Whoever finds
 * none waits for a moment, and is then told to come back. A quarter is for small bodies alone: large ones never keep
 * them out.
 */
final class RequestMemory {
    private static final int SMALL_BYTES = 64 << 10;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** What one element of an array or one member of an object takes as an object, beyond its text. */
    private static final int BYTES_OF_A_PART = 48;

    private final long capacity;
    private final long patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();
    private long used;
    private int waiting;

    RequestMemory(long capacity) {
        this(capacity, PATIENCE);
    }

    RequestMemory(long capacity, Duration patience) {
        this.capacity = capacity;
        this.patience = patience.toNanos();
    }

    /** For one request, which has nothing yet. */
    Share share() {
        return new Share();
    }

    /** What one request has of it. Not for several threads. */
    final class Share {
        private long bytes;

        /**
         * @throws MatrixException 413 if no request could ever have so much, 429 if there is not so much now
         */
        void reserve(long more) {
            long most = bytes + more <= SMALL_BYTES ? capacity : capacity / 4 * 3;
            if (bytes + more > most) {
                throw new MatrixException(
                        413, "M_TOO_LARGE", "The body takes more memory than this server has for requests.");
            }
            take(more, most);
            bytes += more;
        }

        /** Gives all of it back. */
        void release() {
            give(bytes);
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

    private void take(long bytes, long most) {
        lock.lock();
        try {
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
            used += bytes;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MatrixException(503, "M_UNKNOWN", "The server is stopping.");
        } finally {
            lock.unlock();
        }
    }

    private void give(long bytes) {
        if (bytes == 0) {
            return;
        }
        lock.lock();
        try {
            used -= bytes;
            if (waiting > 0) {
                freed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }
}
