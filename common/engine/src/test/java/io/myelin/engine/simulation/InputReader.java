package io.myelin.engine.simulation;

import io.myelin.engine.LogPosition;
import io.myelin.engine.shard.InputRecord;
import io.myelin.engine.shard.Request;
import io.myelin.engine.shard.SeekResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A server's consumer of one input partition. */
final class InputReader {

    final int shard;
    private final World world;
    private final boolean isOfTheNextRelease;
    private LogPosition position;
    boolean paused;

    /** @param server every second one is of the next release */
    InputReader(World world, int server, int shard, LogPosition wanted, SeekResult result) {
        this.world = world;
        isOfTheNextRelease = server % 2 == 1;
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

    private @Nullable Request<ToyCommand> read(Request<ToyCommand> request) {
        return switch (Objects.requireNonNull(request.command()).kind()) {
            case GIBBERISH -> null;
            case NEWER -> {
                if (isOfTheNextRelease) {
                    yield request;
                }
                yield world.broken == Break.UNREADABLE_SKIPPED ? null : unreadable(request);
            }
            default -> request;
        };
    }

    private static Request<ToyCommand> unreadable(Request<ToyCommand> request) {
        return new Request<>(request.id(), request.deadline(), request.replyTo(), request.transaction(), null);
    }

    List<InputRecord<ToyCommand>> poll() {
        List<InputRecord<ToyCommand>> records = new ArrayList<>();
        for (int most = world.time.between(1, 20); most > 0; most--) {
            SimulatedTopic.Stored<Request<ToyCommand>> stored = world.input.at(shard, position.nextOffset());
            if (stored == null) {
                break;
            }
            Request<ToyCommand> request = stored.value();
            if (world.broken == Break.DEADLINE_IGNORED) {
                request = new Request<>(
                        request.id(), Long.MAX_VALUE, request.replyTo(), request.transaction(), request.command());
            }
            records.add(new InputRecord<>(stored.offset(), stored.leaderEpoch(), read(request), 100));
            position = new LogPosition(position.topic(), stored.offset() + 1, stored.leaderEpoch());
        }
        if (world.broken == Break.LANES_REORDERED && records.size() > 1) {
            InputRecord<ToyCommand> first = records.removeFirst();
            records.add(new InputRecord<>(
                    first.offset() + records.size(), first.leaderEpoch(), first.request(), first.bytes()));
            for (int index = 0; index < records.size() - 1; index++) {
                InputRecord<ToyCommand> record = records.get(index);
                records.set(
                        index,
                        new InputRecord<>(record.offset() - 1, record.leaderEpoch(), record.request(), record.bytes()));
            }
        }
        return records;
    }
}
