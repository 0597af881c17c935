package io.myelin.kafka;

import io.myelin.contracts.Unavailable;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The callers in this process that wait for answers to their commands. */
final class Doors {

    record Door(long ticket, CompletableFuture<byte[]> answer) {}

    private final AtomicLong tickets = new AtomicLong();
    private final Map<Long, CompletableFuture<byte[]>> waiting = new ConcurrentHashMap<>();

    Door open(long patienceMillis) {
        long ticket = tickets.incrementAndGet();
        CompletableFuture<byte[]> answer =
                new CompletableFuture<byte[]>().orTimeout(Math.max(1, patienceMillis), TimeUnit.MILLISECONDS);
        waiting.put(ticket, answer);
        answer.whenComplete((bytes, failure) -> waiting.remove(ticket));
        return new Door(ticket, answer);
    }

    void answer(long ticket, byte[] answer) {
        CompletableFuture<byte[]> door = waiting.get(ticket);
        if (door != null) {
            door.complete(answer);
        }
    }

    void turnAway(long ticket) {
        CompletableFuture<byte[]> door = waiting.get(ticket);
        if (door != null) {
            door.completeExceptionally(new Unavailable("The shard is moving; repeat the command"));
        }
    }
}
