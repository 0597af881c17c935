package io.myelin.engine.simulation;

import io.myelin.engine.shard.Batch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The order in which commands reached a shard's owner, to check that it decides them in that order. */
final class Arrivals {

    private record Arrival(long index, boolean localCaller, List<String> keys) {}

    private final Map<UUID, Arrival> first = new HashMap<>();
    private final Map<String, Long> decided = new HashMap<>();
    private long next;

    void note(UUID id, ToyCommand wish, boolean localCaller) {
        List<String> keys = switch (wish.kind()) {
            case KEYLESS -> List.of();
            case MOVE -> List.of(wish.key(), wish.other());
            default -> List.of(wish.key());
        };
        first.putIfAbsent(id, new Arrival(next++, localCaller, keys));
    }

    void forgetInput() {
        first.values().removeIf(arrival -> !arrival.localCaller());
    }

    void decided(Batch.OfShard<ToyFact> part) {
        for (Batch.Done<ToyFact> done : part.done()) {
            Arrival arrival = done.id() == null ? null : first.get(done.id());
            if (arrival != null) {
                Map<String, Long> before = Map.copyOf(decided);
                for (String key : arrival.keys()) {
                    Broken.check(
                            before.getOrDefault(key, -1L) < arrival.index(),
                            "shard %d: %s was decided after a later one for %s",
                            part.shard(),
                            World.brief(done.id()),
                            key);
                    decided.put(key, arrival.index());
                }
            }
        }
    }
}
