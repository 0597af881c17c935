package io.myelin.kafka;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads this process's partition of the reply topic, chosen at random. Two processes may share a partition: an answer
 * is dropped where no caller waits for it.
 */
public final class Replies implements AutoCloseable {

    public static final String TOPIC = "reply";

    private static final Logger LOG = LoggerFactory.getLogger(Replies.class);

    /** A component whose callers wait for answers. */
    interface Listener {

        /** Takes an answer; returns whether one of its callers waited for it. */
        boolean answered(UUID command, byte[] answer);
    }

    private final TopicPartition partition;
    private final Consumer<byte[], byte[]> consumer;
    private final TopicWatch watch;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final CountDownLatch positioned = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean closed;
    private UUID topic = new UUID(0, 0);

    /** @param partitions the least number of partitions that the topic has */
    public Replies(KafkaSettings kafka, TopicWatch watch, int partitions) {
        partition = new TopicPartition(TOPIC, ThreadLocalRandom.current().nextInt(partitions));
        consumer = kafka.consumer("myelin-replies");
        this.watch = watch;
        thread = Thread.ofPlatform().daemon().name("replies").unstarted(this::run);
    }

    /** Starts to read; returns when every answer from now on will be read. */
    public void start() throws InterruptedException {
        thread.start();
        positioned.await();
    }

    int partition() {
        return partition.partition();
    }

    void listen(Listener listener) {
        listeners.add(listener);
    }

    /**
     * Hands an answer to the caller in this process that waits for it.
     *
     * @return whether there was one; then the answer need not be published
     */
    boolean answered(UUID command, byte[] answer) {
        for (Listener listener : listeners) {
            if (listener.answered(command, answer)) {
                return true;
            }
        }
        return false;
    }

    private void run() {
        LoopTurns.Loop loop = LoopTurns.ofThisProcess().begin("The reader of replies");
        consumer.assign(List.of(partition));
        while (!closed) {
            loop.turn();
            try {
                readOn();
            } catch (InterruptException | WakeupException e) {
                break;
            } catch (KafkaException | BrokerUnavailable e) {
                LOG.warn("Answers cannot be read now: {}", e.toString());
                topic = new UUID(0, 0);
                pause();
            }
        }
        loop.end();
        KafkaSettings.close(consumer);
    }

    private void readOn() {
        UUID current = watch.id(TOPIC);
        if (!current.equals(topic)) {
            consumer.seekToEnd(List.of(partition));
            consumer.position(partition);
            topic = current;
            positioned.countDown();
        }
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
            try {
                for (Wire.ReplyValue reply : Wire.replies(record.value())) {
                    answered(reply.id(), reply.answer());
                }
            } catch (Wire.Unreadable e) {
                LOG.warn("Answers at offset {} are skipped: {}", record.offset(), e.getMessage());
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        try {
            thread.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
