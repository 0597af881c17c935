package io.myelin.clientsync.web;

import io.myelin.contracts.MatrixError;
import io.myelin.matrix.id.UserId;
import io.myelin.web.JsonWriter;
import io.myelin.web.MatrixException;
import io.myelin.web.StreamedJson;
import io.myelin.web.config.MyelinProperties;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets a few large answers be sent at a time, and of one user's fewer: what an answer is made of stays in memory until its
 * client has read it, and rooms change meanwhile.
 */
public final class LargeAnswers {
    private static final long RETRY_MILLIS = 5_000;

    private final int most;
    private final int mostOfOneUser;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition oneEnded = lock.newCondition();
    private final Map<UserId, Integer> ofUser = new HashMap<>();
    private int all;

    /** @param patience how long an answer waits for its turn */
    public LargeAnswers(int most, int mostOfOneUser, Duration patience) {
        this.most = most;
        this.mostOfOneUser = mostOfOneUser;
        this.patience = patience;
    }

    /** As many as are configured. */
    public static LargeAnswers of(MyelinProperties.SyncProperties limits, Duration patience) {
        return new LargeAnswers(limits.largeAnswers(), limits.largeAnswersPerUser(), patience);
    }

    /** The answer, which takes a turn if it turns out to be large. */
    public StreamedJson of(UserId user, StreamedJson answer) {
        return new StreamedJson() {
            @Override
            public void writeTo(JsonWriter out) {
                answer.writeTo(out);
            }

            @Override
            public Turn turn() {
                return LargeAnswers.this.turn(user);
            }
        };
    }

    /** @throws MatrixException {@code M_LIMIT_EXCEEDED} if its turn does not come in time */
    StreamedJson.Turn turn(UserId user) {
        lock.lock();
        try {
            long nanos = patience.toNanos();
            while (all >= most || ofUser.getOrDefault(user, 0) >= mostOfOneUser) {
                if (nanos <= 0) {
                    MatrixError error =
                            new MatrixError(429, "M_LIMIT_EXCEEDED", "Too many large answers are being sent.");
                    throw MatrixException.with(error, "retry_after_ms", RETRY_MILLIS);
                }
                nanos = oneEnded.awaitNanos(nanos);
            }
            all++;
            ofUser.merge(user, 1, Integer::sum);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MatrixException(503, "M_UNKNOWN", "The server cannot do this now. Try again.");
        } finally {
            lock.unlock();
        }
        return () -> ended(user);
    }

    private void ended(UserId user) {
        lock.lock();
        try {
            all--;
            ofUser.computeIfPresent(user, (_, before) -> before == 1 ? null : before - 1);
            oneEnded.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
