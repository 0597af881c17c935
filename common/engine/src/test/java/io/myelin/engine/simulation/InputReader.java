package io.myelin.engine.simulation;

import io.myelin.engine.LogPosition;
import io.myelin.engine.shard.InputRecord;
import io.myelin.engine.shard.Request;
import io.myelin.engine.shard.SeekResult;
import java.util.ArrayList;
import java.util.List;

/** A server's consumer of one input partition. */
final class InputReader {

    final int shard;
    private final World world;
    private LogPosition position;
    boolean paused;

    InputReader(World world, int shard, LogPosition wanted, SeekResult result) {
        this.world = world;
        this.shard = shard;
        position = switch (result) {
            case SeekResult.Positioned(long end) -> wanted;
            case SeekResult.OtherTopic(var topic, long beginning, long end) -> new LogPosition(topic, beginning, -1);
            case SeekResult.Truncated(long to, long end) -> wanted.truncated(to);
        };
    }

    boolean lost() {
        return world.input.lacks(shard, position);
    }

    boolean hasMore() {
        return position.nextOffset() < world.input.end(shard);
    }

    List<InputRecord<Wish>> poll() {
        List<InputRecord<Wish>> records = new ArrayList<>();
        for (int most = world.time.between(1, 20); most > 0; most--) {
            SimulatedTopic.Stored<Request<Wish>> stored = world.input.at(shard, position.nextOffset());
            if (stored == null) {
                break;
            }
            Request<Wish> request = stored.value();
            if (world.broken == Break.DEADLINE_IGNORED) {
                request = new Request<>(
                        request.id(), Long.MAX_VALUE, request.replyTo(), request.transaction(), request.command());
            }
            boolean readable = request.command().kind() != Wish.Kind.GIBBERISH;
            records.add(new InputRecord<>(stored.offset(), stored.leaderEpoch(), readable ? request : null, 100));
            position = new LogPosition(position.topic(), stored.offset() + 1, stored.leaderEpoch());
        }
        if (world.broken == Break.LANES_REORDERED && records.size() > 1) {
            InputRecord<Wish> first = records.removeFirst();
            records.add(new InputRecord<>(
                    first.offset() + records.size(), first.leaderEpoch(), first.request(), first.bytes()));
            for (int index = 0; index < records.size() - 1; index++) {
                InputRecord<Wish> record = records.get(index);
                records.set(
                        index,
                        new InputRecord<>(record.offset() - 1, record.leaderEpoch(), record.request(), record.bytes()));
            }
        }
        return records;
    }
}
