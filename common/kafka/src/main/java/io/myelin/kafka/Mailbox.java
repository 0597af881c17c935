package io.myelin.kafka;

import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * Work that other threads hand to the thread that owns a consumer. That thread sleeps in {@code poll}; a new message
 * wakes it.
 */
final class Mailbox {

    private final Consumer<byte[], byte[]> consumer;
    private final ConcurrentLinkedQueue<Runnable> messages = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean sleeping = new AtomicBoolean();
    private volatile @Nullable Thread owner;

    Mailbox(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /** Wakes the owner to run this message. */
    void put(Runnable message) {
        messages.add(message);
        wake();
    }

    /** Has the owner run this message in its next turn, without waking it. */
    void putForNextTurn(Runnable message) {
        messages.add(message);
    }

    void wake() {
        if (sleeping.compareAndSet(true, false)) {
            consumer.wakeup();
            LockSupport.unpark(owner);
        }
    }

    /** Runs all messages. */
    void empty() {
        for (Runnable message = messages.poll(); message != null; message = messages.poll()) {
            message.run();
        }
    }

    /** Lets the owner sleep, for as long as the box stays empty. */
    void rest(Duration atMost) {
        owner = Thread.currentThread();
        sleeping.set(true);
        if (messages.isEmpty()) {
            LockSupport.parkNanos(atMost.toNanos());
        }
        sleeping.set(false);
    }

    /** Polls, for as long as the box stays empty and there is nothing to read. */
    ConsumerRecords<byte[], byte[]> poll(Duration atMost) {
        owner = Thread.currentThread();
        sleeping.set(true);
        Duration wait = messages.isEmpty() ? atMost : Duration.ZERO;
        try {
            if (consumer.assignment().isEmpty()) {
                if (!wait.isZero()) {
                    LockSupport.parkNanos(wait.toNanos());
                }
                return ConsumerRecords.empty();
            }
            return consumer.poll(wait);
        } catch (WakeupException woken) {
            return ConsumerRecords.empty();
        } finally {
            sleeping.set(false);
        }
    }
}
