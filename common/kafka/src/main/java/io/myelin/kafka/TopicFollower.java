package io.myelin.kafka;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of a tail. It reads all partitions of a topic from their ends on. Where a position is lost or the topic
 * was made anew, it continues at the new end; the tail finds out whether records were missed. It also delivers the
 * owners' answers.
 */
final class TopicFollower implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TopicFollower.class);
    private static final UUID NO_TOPIC = new UUID(0, 0);

    /** The tail that reads; all methods are called on the follower's thread. */
    interface Reader {

        /** Called in each turn, after the mailbox's messages and before records are read. */
        void turn(long now);

        /** How long to wait for records if nothing else is to be done. */
        Duration patience();

        /**
         * Called when the consumer stands at the resolved end of the shard's partition: all later records are read.
         *
         * @param first whether the partition had no position before
         */
        void positioned(int shard, boolean first, long now);

        /** Records of a shard's partition, in its order. */
        void read(int shard, List<ConsumerRecord<byte[], byte[]>> records, long now);

        void tick(long now);
    }

    private final String topic;
    private final TopicWatch watch;
    private final Consumer<byte[], byte[]> consumer;
    private final Mailbox mailbox;
    private final Reader reader;
    private final long tickMillis;
    private final List<TopicPartition> partitions;
    private final Set<TopicPartition> toPosition = new HashSet<>();
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final Thread thread;
    private volatile boolean closed;
    private UUID id = NO_TOPIC;

    TopicFollower(String topic, int shards, KafkaSettings kafka, TopicWatch watch, long tickMillis, Reader reader) {
        this.topic = topic;
        this.watch = watch;
        this.tickMillis = tickMillis;
        this.reader = reader;
        consumer = kafka.consumer("myelin-tail-" + topic);
        mailbox = new Mailbox(consumer);
        partitions = IntStream.range(0, shards)
                .mapToObj(shard -> new TopicPartition(topic, shard))
                .toList();
        thread = Thread.ofPlatform().daemon().name("tail-" + topic).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    Mailbox mailbox() {
        return mailbox;
    }

    /** Asks an owner on another thread; the answer or the failure comes back through the mailbox. */
    <T> void ask(Supplier<T> question, java.util.function.Consumer<T> answered, Runnable failed) {
        workers.execute(() -> {
            try {
                T answer = question.get();
                mailbox.put(() -> answered.accept(answer));
            } catch (RuntimeException e) {
                LOG.debug("The owner of {} did not answer", topic, e);
                mailbox.put(failed);
            }
        });
    }

    private void run() {
        LoopTurns.Loop loop = LoopTurns.ofThisProcess().begin("The tail of " + topic);
        consumer.assign(partitions);
        long tickAt = 0;
        boolean failed = false;
        while (!closed) {
            loop.turn();
            try {
                mailbox.empty();
                if (failed) {
                    failed = false;
                    reader.tick(now());
                }
                reader.turn(now());
                position();
                read(mailbox.poll(reader.patience()));
                long now = now();
                if (now >= tickAt) {
                    tickAt = now + tickMillis;
                    reader.tick(now);
                }
            } catch (OffsetOutOfRangeException e) {
                LOG.warn("The tail of {} lost its place, and goes on at the end: {}", topic, e.getMessage());
                toPosition.addAll(e.partitions());
            } catch (KafkaException | BrokerUnavailable e) {
                LOG.warn("{} cannot be read now: {}", topic, e.toString());
                pause();
                failed = true;
            } catch (RuntimeException | Error bug) {
                LOG.error("The tail of {} goes on after a failure", topic, bug);
                pause();
            }
        }
        loop.end();
        KafkaSettings.close(consumer);
    }

    private void position() {
        UUID current = watch.id(topic);
        if (!current.equals(id)) {
            toPosition.addAll(partitions);
        }
        if (toPosition.isEmpty()) {
            return;
        }
        consumer.seekToEnd(toPosition);
        toPosition.forEach(consumer::position);
        boolean first = id.equals(NO_TOPIC);
        id = current;
        List<TopicPartition> positioned = List.copyOf(toPosition);
        toPosition.clear();
        positioned.forEach(partition -> reader.positioned(partition.partition(), first, now()));
    }

    private void read(ConsumerRecords<byte[], byte[]> records) {
        for (TopicPartition partition : records.partitions()) {
            reader.read(partition.partition(), records.records(partition), now());
        }
    }

    private void pause() {
        LockSupport.parkNanos(Duration.ofMillis(tickMillis).toNanos());
    }

    private static long now() {
        return System.currentTimeMillis();
    }

    @Override
    public void close() {
        closed = true;
        mailbox.wake();
        try {
            thread.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        workers.shutdownNow();
    }
}
