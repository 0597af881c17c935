package io.myelin.engine.shard;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A shard's entities in memory: their committed states, loaded when a command first needs them. */
final class Lanes<S> {

    private static final class Lane<S> {
        @Nullable
        S state;

        boolean loading;
        long loadAt;
        boolean hasFailed;
        int users;
    }

    private final int shard;
    private final long epoch;
    private final Effects<?> effects;
    private final ShardLimits limits;
    private final LinkedHashMap<String, Lane<S>> lanes = new LinkedHashMap<>(16, 0.75f, true);
    private int failedLoads;

    Lanes(int shard, long epoch, Effects<?> effects, ShardLimits limits) {
        this.shard = shard;
        this.epoch = epoch;
        this.effects = effects;
        this.limits = limits;
    }

    /** A command that needs these entities has arrived. */
    void enter(List<String> keys) {
        for (String key : keys) {
            Lane<S> lane = lanes.computeIfAbsent(key, absent -> new Lane<>());
            lane.users++;
            if (lane.state == null && !lane.loading) {
                load(key, lane);
            }
        }
    }

    /** It is done, or gone. */
    void leave(List<String> keys) {
        for (String key : keys) {
            Lane<S> lane = lanes.get(key);
            if (lane != null) {
                lane.users--;
            }
        }
    }

    @Nullable
    S state(String key) {
        Lane<S> lane = lanes.get(key);
        return lane == null ? null : lane.state;
    }

    /** Whether a state will be here soon, as far as is known. */
    boolean isComing(String key) {
        Lane<S> lane = lanes.get(key);
        return lane != null && lane.loading && !lane.hasFailed;
    }

    void loaded(String key, S state) {
        Lane<S> lane = lanes.get(key);
        if (lane != null && lane.loading) {
            lane.loading = false;
            lane.state = state;
        }
    }

    void loadFailed(String key, long now) {
        Lane<S> lane = lanes.get(key);
        if (lane != null && lane.loading) {
            lane.loadAt = now + limits.retryMillis();
            lane.hasFailed = true;
            failedLoads++;
        }
    }

    /** What has been committed is what is so from now on. */
    void committed(Map<String, S> changes) {
        changes.forEach((key, state) -> {
            Lane<S> lane = lanes.get(key);
            if (lane != null) {
                lane.state = state;
                // What may still come is older.
                lane.loading = false;
            }
        });
        evict();
    }

    void tick(long now) {
        if (failedLoads == 0) {
            return;
        }
        lanes.forEach((key, lane) -> {
            if (lane.loading && lane.loadAt > 0 && now >= lane.loadAt) {
                failedLoads--;
                load(key, lane);
            }
        });
    }

    private void load(String key, Lane<S> lane) {
        lane.loading = true;
        lane.loadAt = 0;
        effects.load(shard, epoch, key);
    }

    private void evict() {
        int surplus = lanes.size() - limits.entities();
        for (Iterator<Lane<S>> eldest = lanes.values().iterator(); surplus > 0 && eldest.hasNext(); surplus--) {
            Lane<S> lane = eldest.next();
            if (lane.users == 0 && !lane.loading) {
                eldest.remove();
            }
        }
    }
}
