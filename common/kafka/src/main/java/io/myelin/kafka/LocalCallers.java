package io.myelin.kafka;

import io.myelin.contracts.Unavailable;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The callers in this process that wait for answers to their commands. */
final class LocalCallers {

    record LocalCaller(long ticket, CompletableFuture<byte[]> answer) {}

    private final AtomicLong tickets = new AtomicLong();
    private final Map<Long, CompletableFuture<byte[]>> waiting = new ConcurrentHashMap<>();

    LocalCaller open(long patienceMillis) {
        long ticket = tickets.incrementAndGet();
        CompletableFuture<byte[]> answer =
                new CompletableFuture<byte[]>().orTimeout(Math.max(1, patienceMillis), TimeUnit.MILLISECONDS);
        waiting.put(ticket, answer);
        answer.whenComplete((bytes, failure) -> waiting.remove(ticket));
        return new LocalCaller(ticket, answer);
    }

    void answer(long ticket, byte[] answer) {
        CompletableFuture<byte[]> localCaller = waiting.get(ticket);
        if (localCaller != null) {
            localCaller.complete(answer);
        }
    }

    void turnAway(long ticket) {
        CompletableFuture<byte[]> localCaller = waiting.get(ticket);
        if (localCaller != null) {
            localCaller.completeExceptionally(new Unavailable("The shard is moving; repeat the command"));
        }
    }
}
