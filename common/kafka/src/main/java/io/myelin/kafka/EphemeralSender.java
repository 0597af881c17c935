package io.myelin.kafka;

import io.myelin.contracts.Unavailable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/**
 * Sends records that have no answer and that may be lost with a broker: typing, presence, activity. Records of one
 * partition arrive in the order in which they were sent, unless Kafka could not be reached meanwhile.
 */
public final class EphemeralSender implements AutoCloseable {

    private static final long PATIENCE_MILLIS = 5_000;
    private static final long PAUSE_MILLIS = 100;

    private final Producer<byte[], byte[]> producer;
    private final Executor later;

    public EphemeralSender(KafkaSettings kafka) {
        producer = kafka.ephemeralProducer("myelin-ephemeral");
        later = CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Sends a record.
     *
     * @param key names the entity, for people who read the topic
     * @return completes when the broker has it; fails with {@link Unavailable} after 5 s
     */
    public CompletableFuture<Void> send(String topic, int partition, String key, byte[] value) {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        attempt(new ProducerRecord<>(topic, partition, name, value), System.nanoTime(), sent);
        return sent;
    }

    private void attempt(ProducerRecord<byte[], byte[]> record, long since, CompletableFuture<Void> sent) {
        try {
            producer.send(record, (metadata, failure) -> ended(record, since, sent, failure));
        } catch (KafkaException | IllegalStateException e) {
            ended(record, since, sent, e);
        }
    }

    /**
     * Tries a record again after a retriable failure, as while the client does not know the topic yet, for up to 5 s.
     */
    private void ended(
            ProducerRecord<byte[], byte[]> record,
            long since,
            CompletableFuture<Void> sent,
            @Nullable Exception failure) {
        if (failure == null) {
            sent.complete(null);
        } else if (failure instanceof RetriableException
                && System.nanoTime() - since < TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS)) {
            later.execute(() -> attempt(record, since, sent));
        } else {
            sent.completeExceptionally(new Unavailable("Kafka did not take the record", failure));
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(1));
    }
}
