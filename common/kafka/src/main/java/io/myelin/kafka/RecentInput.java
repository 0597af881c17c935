package io.myelin.kafka;

import io.myelin.engine.ephemeral.Input;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the inputs of the ephemeral shards that a loop owns. It begins {@link EphemeralInput#rewind} ago; a lost
 * position is found again by time.
 */
final class RecentInput<I> {

    private static final Logger LOG = LoggerFactory.getLogger(RecentInput.class);
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final long RETRY_MILLIS = 500;

    private final String service;
    private final Map<String, EphemeralInput<I>> topics = new HashMap<>();
    private final Map<String, UUID> ids = new HashMap<>();
    private final Consumer<byte[], byte[]> consumer;
    private final Mailbox mailbox;
    private final TopicWatch watch;
    private final Set<Integer> shards = new HashSet<>();
    private final Set<TopicPartition> toSeek = new HashSet<>();
    private long seekAt;

    RecentInput(
            String service,
            List<EphemeralInput<I>> inputs,
            Consumer<byte[], byte[]> consumer,
            Mailbox mailbox,
            TopicWatch watch) {
        this.service = service;
        this.consumer = consumer;
        this.mailbox = mailbox;
        this.watch = watch;
        inputs.forEach(input -> topics.put(input.topic(), input));
    }

    /** Starts to read the inputs of a shard. */
    void read(int shard) {
        shards.add(shard);
        topics.keySet().forEach(topic -> toSeek.add(new TopicPartition(topic, shard)));
    }

    void retain(Set<Integer> owned) {
        if (shards.retainAll(owned)) {
            toSeek.removeIf(partition -> !shards.contains(partition.partition()));
            consumer.assign(consumer.assignment().stream()
                    .filter(partition -> shards.contains(partition.partition()))
                    .toList());
        }
    }

    /**
     * Hands new inputs to the receiver, by shard; waits for them as long as the mailbox stays empty.
     *
     * @return whether there were any
     */
    boolean poll(Duration wait, BiConsumer<Integer, List<Input<I>>> receiver) {
        try {
            seek();
            ConsumerRecords<byte[], byte[]> records = mailbox.poll(wait);
            Map<Integer, List<Input<I>>> inputs = new HashMap<>();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                decode(record, inputs);
            }
            inputs.forEach(receiver);
            return !inputs.isEmpty();
        } catch (OffsetOutOfRangeException e) {
            LOG.warn("{} lost its place: {}", service, e.getMessage());
            toSeek.addAll(e.partitions());
            return false;
        }
    }

    private void decode(ConsumerRecord<byte[], byte[]> record, Map<Integer, List<Input<I>>> inputs) {
        EphemeralInput<I> topic = topics.get(record.topic());
        if (topic == null) {
            return;
        }
        try {
            I input = topic.decode().apply(record.value());
            inputs.computeIfAbsent(record.partition(), shard -> new ArrayList<>())
                    .add(new Input<>(record.timestamp(), input));
        } catch (RuntimeException e) {
            LOG.warn("{} skips offset {} of {}: {}", service, record.offset(), record.topic(), e.toString());
        }
    }

    private void seek() {
        long now = System.currentTimeMillis();
        if (shards.isEmpty() || now < seekAt) {
            return;
        }
        seekAt = now + RETRY_MILLIS;
        noticeNewTopics();
        if (toSeek.isEmpty() || position(now)) {
            seekAt = 0;
        }
    }

    /** Asks for the end offsets first, so that every input that is sent afterwards is read. */
    private boolean position(long now) {
        Map<TopicPartition, Long> times = new HashMap<>();
        topics.forEach((topic, input) -> toSeek.stream()
                .filter(partition -> partition.topic().equals(topic))
                .forEach(partition -> times.put(partition, now - input.rewind().toMillis())));
        Map<TopicPartition, Long> ends;
        Map<TopicPartition, OffsetAndTimestamp> found;
        try {
            ends = consumer.endOffsets(toSeek, PATIENCE);
            found = consumer.offsetsForTimes(times, PATIENCE);
        } catch (WakeupException wokenLate) {
            seekAt = now;
            return false;
        } catch (KafkaException e) {
            LOG.debug("{} cannot look for its place now", service, e);
            return false;
        }
        Set<TopicPartition> assigned = new HashSet<>(consumer.assignment());
        assigned.addAll(toSeek);
        consumer.assign(assigned);
        for (TopicPartition partition : toSeek) {
            OffsetAndTimestamp offset = found.get(partition);
            consumer.seek(partition, offset == null ? ends.getOrDefault(partition, 0L) : offset.offset());
        }
        toSeek.clear();
        return true;
    }

    /** A consumer does not learn by itself that a topic was made anew. */
    private void noticeNewTopics() {
        for (String topic : topics.keySet()) {
            UUID id = watch.id(topic);
            UUID before = ids.put(topic, id);
            if (before != null && !before.equals(id)) {
                LOG.warn("{} begins anew with the topic {}", service, topic);
                shards.forEach(shard -> toSeek.add(new TopicPartition(topic, shard)));
            }
        }
    }
}
