package io.myelin.engine.simulation;

import io.myelin.engine.LogPosition;
import io.myelin.engine.ephemeral.Publication;
import io.myelin.engine.ephemeral.ValueTail;
import io.myelin.engine.ephemeral.ValueTailEffects;
import io.myelin.engine.ephemeral.Version;
import io.myelin.engine.ephemeral.Versioned;
import io.myelin.engine.simulation.Talk.Shown;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Follows the toy service's output and checks what subscribers are promised. */
final class EphemeralReader implements ValueTailEffects<Shown> {

    private final EphemeralWorld world;
    private final Timeline time;
    private final ValueTail<Shown> tail;
    private final List<Map<String, Versioned<Shown>>> known = new ArrayList<>();
    private final List<Version> highest = new ArrayList<>();
    private final Map<Integer, LogPosition> positions = new HashMap<>();
    private UUID topic;

    EphemeralReader(EphemeralWorld world) {
        this.world = world;
        time = world.time;
        topic = world.output.id();
        tail = new ValueTail<>(world.shardCount, Shown::key, this, world.tailLimits);
        for (int shard = 0; shard < world.shardCount; shard++) {
            known.add(new HashMap<>());
            highest.add(Version.NONE);
            seekToEnd(shard);
            tail.start(shard, time.now());
        }
        turn();
    }

    private void seekToEnd(int shard) {
        positions.put(shard, new LogPosition(topic, world.output.end(shard), -1));
    }

    private void turn() {
        if (!topic.equals(world.output.id()) && time.chance(0.3)) {
            topic = world.output.id();
            for (int shard = 0; shard < world.shardCount; shard++) {
                seekToEnd(shard);
                tail.placeLost(shard, time.now());
            }
        }
        for (int shard = 0; shard < world.shardCount && !world.brokerDown; shard++) {
            poll(shard);
        }
        tail.tick(time.now());
        time.after(time.between(5, 150), this::turn);
    }

    private void poll(int shard) {
        LogPosition position = positions.getOrDefault(shard, new LogPosition(topic, 0, -1));
        if (!topic.equals(world.output.id())) {
            return;
        }
        if (world.output.lacks(shard, position)) {
            seekToEnd(shard);
            tail.placeLost(shard, time.now());
            return;
        }
        List<Publication<Shown>> records = new ArrayList<>();
        for (var record = world.output.at(shard, position.nextOffset());
                record != null;
                record = world.output.at(shard, position.nextOffset())) {
            records.add(record.value());
            position = new LogPosition(topic, record.offset() + 1, record.leaderEpoch());
        }
        positions.put(shard, position);
        if (!records.isEmpty() && world.broken != EphemeralBreak.ALL_RECORDS_LOOK_OLD) {
            tail.polled(shard, records, time.now());
        }
    }

    @Override
    public void ask(int shard) {
        world.ask(shard, values -> tail.answered(shard, values, time.now()), () -> tail.askFailed(shard, time.now()));
    }

    @Override
    public void changed(int shard, Version version, Shown value) {
        time.trace("reader: %d %s %s", shard, version, value);
        Broken.check(
                version.epoch() >= highest.get(shard).epoch(), "%s of %s after %s", value, version, highest.get(shard));
        highest.set(shard, version.isAfter(highest.get(shard)) ? version : highest.get(shard));
        Versioned<Shown> before = known.get(shard).put(value.key(), new Versioned<>(version, value));
        Broken.check(
                before == null || version.isAfter(before.version()),
                "%s of %s was told after %s",
                value,
                version,
                before);
    }

    @Override
    public void reset(int shard, Version asOf) {
        time.trace("reader: %d reset as of %s", shard, asOf);
        Broken.check(asOf.epoch() >= highest.get(shard).epoch(), "reset to %s after %s", asOf, highest.get(shard));
        highest.set(shard, asOf.isAfter(highest.get(shard)) ? asOf : highest.get(shard));
        if (world.broken != EphemeralBreak.RESET_NOT_TOLD) {
            known.get(shard).clear();
        }
    }

    /** The values that the reader would show. */
    Map<String, Shown> view(int shard) {
        Map<String, Shown> view = new TreeMap<>();
        known.get(shard).forEach((key, value) -> {
            if (!value.value().isBlank()) {
                view.put(key, value.value());
            }
        });
        return view;
    }

    boolean hasStarted() {
        return tail.hasStarted();
    }
}
