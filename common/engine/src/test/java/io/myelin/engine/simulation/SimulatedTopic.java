package io.myelin.engine.simulation;

import io.myelin.engine.LogPosition;
import io.myelin.engine.shard.SeekResult;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A topic of the simulated broker. */
final class SimulatedTopic<R> {

    /** A record as it is stored. */
    record Stored<R>(long offset, int leaderEpoch, R value) {}

    private static final class Partition<R> {
        long base;
        int leaderEpoch;
        final List<Stored<R>> records = new ArrayList<>();

        long end() {
            return base + records.size();
        }

        @Nullable
        Stored<R> at(long offset) {
            return offset < base || offset >= end() ? null : records.get((int) (offset - base));
        }

        /** Where records of later leaders begin. */
        long endOf(int epoch) {
            long end = end();
            while (end > base && records.get((int) (end - base) - 1).leaderEpoch() > epoch) {
                end--;
            }
            return end;
        }
    }

    private final Timeline time;
    private final Break broken;
    private final int partitionCount;
    private final List<Runnable> listeners = new ArrayList<>();
    private List<Partition<R>> partitions = new ArrayList<>();
    private UUID id = new UUID(0, 0);

    SimulatedTopic(Timeline time, Break broken, int partitionCount) {
        this.time = time;
        this.broken = broken;
        this.partitionCount = partitionCount;
        wipe();
    }

    void wipe() {
        if (broken != Break.LOG_FORGETS_ITS_TOPIC_ID || partitions.isEmpty()) {
            id = new UUID(time.bits(), time.bits());
        }
        partitions = new ArrayList<>();
        for (int number = 0; number < partitionCount; number++) {
            partitions.add(new Partition<>());
        }
    }

    /** An election that was not clean: the newest records are gone. */
    void truncate(int number, int records) {
        Partition<R> partition = partitions.get(number);
        int kept = Math.max(0, partition.records.size() - records);
        partition.records.subList(kept, partition.records.size()).clear();
        if (broken != Break.LOG_FORGETS_ITS_LEADER_EPOCHS) {
            partition.leaderEpoch++;
        }
    }

    /** Retention: the oldest records are gone. */
    void expire(int number, int records) {
        Partition<R> partition = partitions.get(number);
        int gone = Math.min(records, partition.records.size());
        partition.records.subList(0, gone).clear();
        partition.base += gone;
    }

    long append(int number, R value) {
        Partition<R> partition = partitions.get(number);
        long offset = partition.end();
        partition.records.add(new Stored<>(offset, partition.leaderEpoch, value));
        listeners.forEach(Runnable::run);
        return offset;
    }

    void onAppend(Runnable listener) {
        listeners.add(listener);
    }

    void forget(Runnable listener) {
        listeners.remove(listener);
    }

    UUID id() {
        return id;
    }

    long beginning(int number) {
        return partitions.get(number).base;
    }

    long end(int number) {
        return partitions.get(number).end();
    }

    @Nullable
    Stored<R> at(int number, long offset) {
        return partitions.get(number).at(offset);
    }

    SeekResult seek(int number, LogPosition position) {
        Partition<R> partition = partitions.get(number);
        if (!id.equals(position.topic())) {
            return new SeekResult.OtherTopic(id, partition.base, partition.end());
        }
        if (diverges(number, position)) {
            long to = Math.max(partition.base, partition.endOf(position.leaderEpoch()));
            return new SeekResult.Truncated(to, partition.end());
        }
        if (position.nextOffset() < partition.base || position.nextOffset() > partition.end()) {
            return new SeekResult.Truncated(partition.base, partition.end());
        }
        return new SeekResult.Positioned(partition.end());
    }

    /** Whether the log differs from the one that a consumer at this position has read. */
    boolean diverges(int number, LogPosition position) {
        return position.leaderEpoch() >= 0
                && position.nextOffset() > partitions.get(number).endOf(position.leaderEpoch());
    }

    boolean lacks(int number, LogPosition position) {
        Partition<R> partition = partitions.get(number);
        return !id.equals(position.topic())
                || diverges(number, position)
                || position.nextOffset() < partition.base
                || position.nextOffset() > partition.end();
    }
}
