package io.myelin.kafka;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Some records of which one outcome is wanted: all acknowledged, or not. */
final class Publication {

    private final AtomicInteger outstanding;
    private final AtomicBoolean failed = new AtomicBoolean();
    private final Consumer<Boolean> outcome;

    Publication(int records, Consumer<Boolean> outcome) {
        outstanding = new AtomicInteger(records);
        this.outcome = outcome;
    }

    void send(Producer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record) {
        try {
            producer.send(record, (metadata, failure) -> ended(failure == null));
        } catch (RuntimeException e) {
            ended(false);
        }
    }

    private void ended(boolean succeeded) {
        if (!succeeded) {
            failed.set(true);
        }
        if (outstanding.decrementAndGet() == 0) {
            outcome.accept(!failed.get());
        }
    }
}
