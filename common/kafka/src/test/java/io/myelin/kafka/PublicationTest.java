package io.myelin.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class PublicationTest {

    private final List<Boolean> outcomes = new ArrayList<>();
    private final List<String> tried = new ArrayList<>();

    @Test
    void whatKafkaNeverTakesDoesNotStopWhatComesAfterIt() {
        publish("a", "huge", "b");
        assertThat(tried).containsExactly("a", "huge", "b");
        assertThat(outcomes).containsExactly(true);
    }

    @Test
    void afterARefusalNothingMoreIsTriedForAWhile() {
        PromptSender sender = sender();
        publish(sender, "a", "refused", "b");
        publish(sender, "c");
        assertThat(tried).containsExactly("a", "refused");
        assertThat(outcomes).containsExactly(false, false);
    }

    private void publish(String... values) {
        publish(sender(), values);
    }

    private void publish(PromptSender sender, String... values) {
        new Publication(values.length, outcomes::add)
                .send(
                        sender,
                        Stream.of(values)
                                .map(value -> new ProducerRecord<byte[], byte[]>(
                                        "toy", 0, null, value.getBytes(StandardCharsets.UTF_8)))
                                .toList());
    }

    /** A sender whose producer, like the real one, reports a refusal before it returns. */
    private PromptSender sender() {
        var serializer = new ByteArraySerializer();
        return new PromptSender(new MockProducer<>(true, new RoundRobinPartitioner(), serializer, serializer) {
            @Override
            public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> message, Callback outcome) {
                String value = new String(message.value(), StandardCharsets.UTF_8);
                tried.add(value);
                Exception failure = switch (value) {
                    case "huge" -> new RecordTooLargeException("too large");
                    case "refused" -> new TimeoutException("no room");
                    default -> null;
                };
                outcome.onCompletion(null, failure);
                return java.util.concurrent.CompletableFuture.completedFuture(null);
            }
        });
    }
}
