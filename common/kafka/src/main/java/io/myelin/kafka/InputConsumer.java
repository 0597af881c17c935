package io.myelin.kafka;

import io.myelin.engine.shard.LogPosition;
import io.myelin.engine.shard.SeekResult;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/**
 * The partitions of an input topic that a loop reads, positioned by what the shards' rows say. Where that position no
 * longer exists, reading goes on with what is young enough to matter: older commands are past their deadlines, and
 * orders are sent again by their owners.
 */
final class InputConsumer {

    private static final long YOUNG_MILLIS = 120_000;

    private final String topic;
    private final Consumer<byte[], byte[]> consumer;
    private final TopicWatch watch;
    private final Set<Integer> assigned = new HashSet<>();
    private final Map<Integer, Long> divergent = new HashMap<>();
    private UUID topicId = LogPosition.NO_TOPIC;

    InputConsumer(String topic, Consumer<byte[], byte[]> consumer, TopicWatch watch) {
        this.topic = topic;
        this.consumer = consumer;
        this.watch = watch;
    }

    /** Positions a partition, taking it in if it is new: what has to be asked is asked before it is touched. */
    SeekResult seek(int shard, LogPosition position, long now) {
        UUID current = watch.id(topic);
        TopicPartition partition = new TopicPartition(topic, shard);
        long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        long beginning = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
        long next = position.nextOffset();
        Long lost = divergent.get(shard);
        boolean sameTopic = current.equals(position.topic());
        boolean stillThere = lost == null && next >= beginning && next <= end;
        if (sameTopic && stillThere) {
            Optional<Integer> epoch =
                    position.leaderEpoch() < 0 ? Optional.empty() : Optional.of(position.leaderEpoch());
            take(shard, current);
            consumer.seek(partition, new OffsetAndMetadata(next, epoch, ""));
            return new SeekResult.Positioned(end);
        }
        boolean divergenceIsKnown = sameTopic && lost != null && lost >= beginning && lost <= end;
        long to = divergenceIsKnown ? lost : young(partition, end, now);
        take(shard, current);
        consumer.seek(partition, to);
        return sameTopic ? new SeekResult.Truncated(to, end) : new SeekResult.OtherTopic(current, to, end);
    }

    private void take(int shard, UUID current) {
        topicId = current;
        divergent.remove(shard);
        if (assigned.add(shard)) {
            assign();
        } else {
            pause(shard, false);
        }
    }

    private long young(TopicPartition partition, long end, long now) {
        OffsetAndTimestamp young =
                consumer.offsetsForTimes(Map.of(partition, now - YOUNG_MILLIS)).get(partition);
        return young == null ? end : young.offset();
    }

    /** Whether the topic was made anew since it was last positioned in. */
    boolean isAnotherTopic() {
        return !assigned.isEmpty() && !watch.id(topic).equals(topicId);
    }

    /** Notes where logs diverge; the shards whose positions are lost. */
    Set<Integer> lost(OffsetOutOfRangeException e) {
        Set<Integer> shards = new HashSet<>();
        e.partitions().forEach(partition -> {
            shards.add(partition.partition());
            divergent.put(partition.partition(), -1L);
        });
        if (e instanceof LogTruncationException truncation) {
            truncation
                    .divergentOffsets()
                    .forEach((partition, offset) -> divergent.put(partition.partition(), offset.offset()));
        }
        return shards;
    }

    Set<Integer> assigned() {
        return Set.copyOf(assigned);
    }

    void retain(Set<Integer> owned) {
        if (assigned.retainAll(owned)) {
            assign();
        }
    }

    void pause(int shard, boolean paused) {
        if (!assigned.contains(shard)) {
            return;
        }
        List<TopicPartition> partition = List.of(new TopicPartition(topic, shard));
        if (paused) {
            consumer.pause(partition);
        } else {
            consumer.resume(partition);
        }
    }

    private void assign() {
        consumer.assign(
                assigned.stream().map(shard -> new TopicPartition(topic, shard)).toList());
    }
}
