package io.myelin.engine.simulation;

import io.myelin.engine.Numbered;
import io.myelin.engine.tail.OutputRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A server's producer of the output topic. It keeps the order in each shard, unless it gives up records. */
final class Publisher {

    private final World world;
    private final Map<Integer, Long> busyUntil = new HashMap<>();

    Publisher(World world) {
        this.world = world;
    }

    void publish(int shard, long incarnation, List<Numbered<ToyFact>> facts, Runnable acknowledged, Runnable failed) {
        Timeline time = world.time;
        int delay = time.chance(world.weather.slowBroker) ? time.between(50, 1_000) : time.between(0, 3);
        long at = Math.max(time.now() + delay, busyUntil.getOrDefault(shard, 0L));
        busyUntil.put(shard, at);
        time.after(at - time.now(), () -> {
            boolean fails = world.brokerDown || time.chance(world.weather.publishFails);
            if (fails) {
                append(shard, incarnation, world.brokerDown ? List.of() : facts.subList(0, time.below(facts.size())));
            } else {
                append(shard, incarnation, facts);
                if (time.chance(world.weather.appendTwice)) {
                    time.after(time.between(1, 2_000), () -> append(shard, incarnation, facts));
                }
            }
            boolean reported = fails || time.chance(world.weather.publishUnacknowledged);
            if (world.broken == Break.PUBLISH_FAILURE_HIDDEN) {
                reported = false;
            }
            time.after(0, reported ? failed : acknowledged);
        });
    }

    private void append(int shard, long incarnation, List<Numbered<ToyFact>> facts) {
        for (int index = 0; index < facts.size(); index++) {
            if (world.broken != Break.PUBLISH_SKIPS || index % 2 == 0) {
                world.ledger.published(shard, incarnation, facts.get(index));
                world.output.append(shard, new OutputRecord<>(incarnation, facts.get(index)));
            }
        }
    }
}
