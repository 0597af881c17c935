package io.myelin.accountserver.password;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue in which clients take turns: each gets one item served, then it is the next client's turn. If the queue
 * is full, a client with fewer waiting items takes a place from the client with the most.
 */
final class FairQueue<T> {
    private final int capacity;
    private final Consumer<T> displaced;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    /** Waiting items by client; the client whose turn is next comes first. */
    private final Map<String, Deque<T>> waiting = new LinkedHashMap<>();

    private int size;

    /** @param displaced gets each item that lost its place */
    FairQueue(int capacity, Consumer<T> displaced) {
        this.capacity = capacity;
        this.displaced = displaced;
    }

    /** False if the queue is full and no other client has at least two items more waiting than this client. */
    boolean offer(String client, T item) {
        T loser = null;
        lock.lock();
        try {
            if (size >= capacity) {
                loser = displace(
                        waiting.getOrDefault(client, new ArrayDeque<>()).size());
                if (loser == null) {
                    return false;
                }
            }
            waiting.computeIfAbsent(client, _ -> new ArrayDeque<>()).addLast(item);
            size++;
            filled.signal();
        } finally {
            lock.unlock();
        }
        if (loser != null) {
            displaced.accept(loser);
        }
        return true;
    }

    /** Removes the last item of the client with the most, if that has at least two more than {@code own}. */
    private @Nullable T displace(int own) {
        var longest = waiting.entrySet().stream()
                .max(Comparator.comparingInt(entry -> entry.getValue().size()))
                .filter(entry -> entry.getValue().size() > own + 1);
        if (longest.isEmpty()) {
            return null;
        }
        T loser = longest.get().getValue().removeLast();
        size--;
        return loser;
    }

    /** Takes the first item of the client whose turn it is; waits until there is one. */
    T take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (size == 0) {
                filled.await();
            }
            var turn = waiting.entrySet().iterator().next();
            String client = turn.getKey();
            Deque<T> items = turn.getValue();
            waiting.remove(client);
            T item = items.removeFirst();
            size--;
            if (!items.isEmpty()) {
                waiting.put(client, items);
            }
            return item;
        } finally {
            lock.unlock();
        }
    }
}
