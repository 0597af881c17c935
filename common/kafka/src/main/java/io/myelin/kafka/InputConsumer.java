package io.myelin.kafka;

import io.myelin.engine.LogPosition;
import io.myelin.engine.shard.SeekResult;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads the partitions of an input topic for a loop, from the positions in the shards' rows. If a position no longer
 * exists, reading continues with the records of the last two minutes: older commands are past their deadlines, and
 * owners send their orders again.
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

    /**
     * Asks the broker where partitions are to be read from. This may take seconds, so it must not run on the loop's
     * thread; it changes nothing.
     *
     * @param diverged see {@link #divergent}
     */
    Map<Integer, Target> find(Map<Integer, LogPosition> positions, Map<Integer, Long> diverged, long now) {
        UUID current = watch.id(topic);
        Map<Integer, Long> ends = watch.offsets(topic, positions.keySet(), OffsetSpec.latest());
        Map<Integer, Long> beginnings = watch.offsets(topic, positions.keySet(), OffsetSpec.earliest());
        Map<Integer, Target> targets = new HashMap<>();
        Set<Integer> lost = new HashSet<>();
        positions.forEach((shard, position) -> {
            long end = ends.getOrDefault(shard, 0L);
            long beginning = beginnings.getOrDefault(shard, 0L);
            Target target = target(diverged.get(shard), position, current, beginning, end);
            targets.put(shard, target);
            if (target.isLost()) {
                lost.add(shard);
            }
        });
        if (!lost.isEmpty()) {
            watch.offsets(topic, lost, OffsetSpec.forTimestamp(now - YOUNG_MILLIS))
                    .forEach((shard, young) -> targets.computeIfPresent(
                            shard, (_, target) -> target.at(young < 0 ? target.end() : young)));
        }
        return targets;
    }

    /**
     * The offsets, by shard, from which logs diverge from what was read of them; below 0 where the offset is not known.
     */
    Map<Integer, Long> divergent() {
        return Map.copyOf(divergent);
    }

    /** Positions partitions; those that are not read yet are assigned first. */
    Map<Integer, SeekResult> take(Map<Integer, Target> targets) {
        Map<Integer, SeekResult> results = new HashMap<>();
        if (!targets.isEmpty()) {
            take(targets.keySet(), targets.values().iterator().next().topic());
        }
        targets.forEach((shard, target) -> {
            consumer.seek(partition(shard), new OffsetAndMetadata(target.offset(), target.leaderEpoch(), ""));
            results.put(shard, target.result());
        });
        return results;
    }

    /** Where a partition is to be read from; an offset below 0 is still to be found by time. */
    record Target(UUID topic, boolean sameTopic, boolean still, long offset, int epoch, long end) {
        boolean isLost() {
            return offset < 0;
        }

        Target at(long found) {
            return new Target(topic, sameTopic, still, found, epoch, end);
        }

        Optional<Integer> leaderEpoch() {
            return epoch < 0 ? Optional.empty() : Optional.of(epoch);
        }

        SeekResult result() {
            if (still) {
                return new SeekResult.Positioned(end);
            }
            return sameTopic ? new SeekResult.Truncated(offset, end) : new SeekResult.OtherTopic(topic, offset, end);
        }
    }

    private static Target target(@Nullable Long lost, LogPosition position, UUID current, long beginning, long end) {
        long next = position.nextOffset();
        boolean sameTopic = current.equals(position.topic());
        if (sameTopic && lost == null && next >= beginning && next <= end) {
            return new Target(current, true, true, next, position.leaderEpoch(), end);
        }
        boolean divergenceIsKnown = sameTopic && lost != null && lost >= beginning && lost <= end;
        return new Target(current, sameTopic, false, divergenceIsKnown ? lost : -1, -1, end);
    }

    private TopicPartition partition(int shard) {
        return new TopicPartition(topic, shard);
    }

    private void take(Set<Integer> shards, UUID current) {
        topicId = current;
        divergent.keySet().removeAll(shards);
        if (assigned.addAll(shards)) {
            assign();
        }
        shards.forEach(shard -> pause(shard, false));
    }

    /** Whether the topic was made anew since the consumer was last positioned in it. */
    boolean isAnotherTopic() {
        return !assigned.isEmpty() && !watch.id(topic).equals(topicId);
    }

    /** Notes where logs diverge, and returns the shards whose positions are lost. */
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

    /** Pauses partitions whose positions are lost, until they are positioned anew. */
    void rest(Set<Integer> shards) {
        shards.forEach(shard -> pause(shard, true));
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
        List<TopicPartition> partition = List.of(partition(shard));
        if (paused) {
            consumer.pause(partition);
        } else {
            consumer.resume(partition);
        }
    }

    private void assign() {
        consumer.assign(assigned.stream().map(this::partition).toList());
    }
}
