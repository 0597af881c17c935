package io.myelin.clientsync.web;

import io.myelin.clientsync.cache.MemoryBudget;
import io.myelin.clientsync.read.HeldAnswer;
import io.myelin.contracts.MatrixError;
import io.myelin.matrix.id.UserId;
import io.myelin.web.JsonWriter;
import io.myelin.web.MatrixException;
import io.myelin.web.StreamedJson;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/**
 * Limits how many large answers are sent at a time, in all and to one user: what an answer is made of stays in memory
 * until its client has read it, and rooms change meanwhile.
 */
public final class LargeAnswers {
    private static final long RETRY_MILLIS = 5_000;

    /** A user may have so many answers that wait or are sent for each one that may be sent. */
    private static final int QUEUE = 3;

    /** The bytes of an answer that are written and not sent yet. */
    private static final long BUFFER = 128 << 10;

    private final IntSupplier most;
    private final IntSupplier mostOfOneUser;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition oneEnded = lock.newCondition();
    private final Map<UserId, Integer> ofUser = new HashMap<>();
    private final Map<UserId, Integer> asked = new HashMap<>();
    private final AnswerMemory memory;
    private int all;

    /**
     * @param most how many may be sent at once; asked for each
     * @param mostOfOneUser how many of them may be one user's
     * @param patience how long an answer waits for its turn
     * @param budget counts what the answers keep, up to a share
     */
    public LargeAnswers(IntSupplier most, IntSupplier mostOfOneUser, Duration patience, MemoryBudget budget) {
        this.memory = new AnswerMemory(budget);
        this.most = most;
        this.mostOfOneUser = mostOfOneUser;
        this.patience = patience;
    }

    /** The answer, which takes a turn if it turns out to be large. */
    public StreamedJson of(UserId user, StreamedJson answer) {
        return new StreamedJson() {
            @Override
            public void writeTo(JsonWriter out) {
                answer.writeTo(out);
            }

            @Override
            public SendPermit turn() {
                return answer instanceof HeldAnswer kept
                        ? LargeAnswers.this.turn(user, kept.held(), kept.weight())
                        : LargeAnswers.this.turn(user);
            }
        };
    }

    StreamedJson.SendPermit turn(UserId user) {
        return turn(user, new Object(), 0);
    }

    /**
     * @param held what the answer keeps in memory, from before its turn
     * @throws MatrixException {@code M_LIMIT_EXCEEDED} if its turn does not come in time, or answers keep too much
     *     already
     */
    StreamedJson.SendPermit turn(UserId user, Object held, long weight) {
        Object buffer = new Object();
        lock.lock();
        try {
            begin(user, buffer, held, weight);
            boolean hasTurn = false;
            try {
                await(user);
                hasTurn = true;
            } finally {
                if (!hasTurn) {
                    end(user, buffer, held);
                }
            }
        } finally {
            lock.unlock();
        }
        return () -> ended(user, buffer, held);
    }

    private void begin(UserId user, Object buffer, Object held, long weight) {
        if (asked.getOrDefault(user, 0) >= mostOfOneUser.getAsInt() * QUEUE || !memory.take(buffer, BUFFER)) {
            throw tooMany();
        }
        if (!memory.take(held, weight)) {
            memory.giveBack(buffer);
            throw tooMany();
        }
        asked.merge(user, 1, Integer::sum);
    }

    private void await(UserId user) {
        try {
            long nanos = patience.toNanos();
            while (all >= most.getAsInt() || ofUser.getOrDefault(user, 0) >= mostOfOneUser.getAsInt()) {
                if (nanos <= 0) {
                    throw tooMany();
                }
                nanos = oneEnded.awaitNanos(nanos);
            }
            all++;
            ofUser.merge(user, 1, Integer::sum);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MatrixException(503, "M_UNKNOWN", "The server cannot do this now. Try again.");
        }
    }

    private static MatrixException tooMany() {
        MatrixError error = new MatrixError(429, "M_LIMIT_EXCEEDED", "Too many large answers are being sent.");
        return MatrixException.with(error, "retry_after_ms", RETRY_MILLIS);
    }

    private void end(UserId user, Object buffer, Object held) {
        memory.giveBack(buffer);
        memory.giveBack(held);
        asked.computeIfPresent(user, (_, before) -> before == 1 ? null : before - 1);
    }

    private void ended(UserId user, Object buffer, Object held) {
        lock.lock();
        try {
            end(user, buffer, held);
            all--;
            ofUser.computeIfPresent(user, (_, before) -> before == 1 ? null : before - 1);
            oneEnded.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
