package io.myelin.kafka;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Hands records to the producer for a loop, which must not wait. A producer that has no room left, or knows no broker,
 * blocks for a while before it refuses a record. After one such refusal this sender refuses every record at once for
 * {@link #PAUSE_NANOS}. Not thread-safe.
 */
final class PromptSender {

    static final long PAUSE_NANOS = 1_000_000_000L;

    private final Producer<byte[], byte[]> producer;
    private boolean refusing;
    private long refusedAt;

    PromptSender(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /**
     * @return whether the producer took the record; the callback is called in any case, before or after this returns
     */
    boolean send(ProducerRecord<byte[], byte[]> message, Callback outcome) {
        if (refusing && System.nanoTime() - refusedAt < PAUSE_NANOS) {
            outcome.onCompletion(null, new TimeoutException("Kafka took nothing just now"));
            return false;
        }
        Attempt attempt = new Attempt(outcome);
        try {
            producer.send(message, attempt);
        } catch (RuntimeException e) {
            outcome.onCompletion(null, e);
            return false;
        }
        refusing = attempt.ended();
        if (refusing) {
            refusedAt = System.nanoTime();
        }
        return !refusing;
    }

    /** One call of the producer. A failure that is reported before the call returns is a refusal. */
    private static final class Attempt implements Callback {
        private final Callback outcome;
        private final Thread loop = Thread.currentThread();
        private boolean refused;

        Attempt(Callback outcome) {
            this.outcome = outcome;
        }

        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
            if (failure instanceof TimeoutException && Thread.currentThread() == loop) {
                refused = true;
            }
            outcome.onCompletion(metadata, failure);
        }

        boolean ended() {
            return refused;
        }
    }
}
