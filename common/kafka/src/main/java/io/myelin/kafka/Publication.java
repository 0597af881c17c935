package io.myelin.kafka;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records with one common outcome: all are acknowledged, or not. A record that Kafka will never take, because it is too
 * large, counts as acknowledged, since it must not stop those after it. Readers notice that its number is missing, and
 * replay it.
 */
final class Publication {

    private static final Logger LOG = LoggerFactory.getLogger(Publication.class);

    private final AtomicInteger outstanding;
    private final AtomicBoolean failed = new AtomicBoolean();
    private final Consumer<Boolean> outcome;

    /** @param records how many there are, at least one */
    Publication(int records, Consumer<Boolean> outcome) {
        outstanding = new AtomicInteger(records);
        this.outcome = outcome;
    }

    /** Sends the records in their order; those after a refused one are not tried. */
    void send(PromptSender sender, List<ProducerRecord<byte[], byte[]>> messages) {
        boolean taken = true;
        for (ProducerRecord<byte[], byte[]> message : messages) {
            if (taken) {
                taken = sender.send(message, (_, failure) -> ended(message, failure));
            } else {
                ended(false);
            }
        }
    }

    private void ended(ProducerRecord<byte[], byte[]> message, @Nullable Exception failure) {
        if (failure instanceof RecordTooLargeException) {
            LOG.error(
                    "A record of {} bytes for partition {} of {} is larger than Kafka takes: its readers have to replay it",
                    message.value().length,
                    message.partition(),
                    message.topic());
            ended(true);
        } else {
            ended(failure == null);
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
