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

        /** How often in a row it could not be loaded, since when, and when it is tried again. */
        int failures;

        long failingSince;
        long loadAt;

        /** It cannot be loaded, and whoever needs it is told so, until a try succeeds. */
        boolean unloadable;

        /** Whether a command has come for it since the last try. */
        boolean wanted;

        int users;
    }

    /** Between two tries to load what may soon be there, as when the database is started again. */
    private static final long FAILING_PAUSE_MILLIS = 1_000;

    private final int shard;
    private final long epoch;
    private final Effects<?> effects;
    private final ShardLimits limits;
    private final LinkedHashMap<String, Lane<S>> lanes = new LinkedHashMap<>(16, 0.75f, true);

    /** What could not be loaded and is tried again; part of the lanes. */
    private final Map<String, Lane<S>> failing = new LinkedHashMap<>();

    private long lastLoadAt = Long.MIN_VALUE;

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
            lane.wanted = true;
            if (lane.state == null && !lane.loading && lane.failures == 0) {
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
        return lane != null && lane.loading && lane.failures == 0;
    }

    /** Whether it cannot be loaded, as far as is known: nobody waits for it. */
    boolean isUnloadable(String key) {
        Lane<S> lane = lanes.get(key);
        return lane != null && lane.unloadable;
    }

    void loaded(String key, S state, long now) {
        lastLoadAt = now;
        Lane<S> lane = lanes.get(key);
        if (lane != null && lane.loading) {
            here(key, lane, state);
        }
    }

    private void here(String key, Lane<S> lane, S state) {
        lane.state = state;
        lane.loading = false;
        if (lane.failures > 0) {
            lane.failures = 0;
            lane.unloadable = false;
            failing.remove(key);
        }
    }

    /**
     * It is tried again, with longer and longer pauses. Who waits for it is told that it cannot be loaded if the reason is
     * a lasting one, or if others were loaded while this failed several times: then it is not the database that is away.
     */
    void loadFailed(String key, boolean lasting, long now) {
        Lane<S> lane = lanes.get(key);
        if (lane == null || !lane.loading) {
            return;
        }
        lane.loading = false;
        lane.wanted = false;
        if (lane.failures++ == 0) {
            lane.failingSince = now;
        }
        boolean othersAreLoaded = lastLoadAt >= lane.failingSince;
        lane.unloadable |= lasting || (lane.failures >= limits.loadAttempts() && othersAreLoaded);
        long longest = lane.unloadable ? limits.quarantineMillis() : FAILING_PAUSE_MILLIS;
        lane.loadAt = now + Math.min(longest, limits.retryMillis() << Math.min(lane.failures, 20));
        failing.put(key, lane);
    }

    /** What has been committed is what is so from now on. */
    void committed(Map<String, S> changes) {
        changes.forEach((key, state) -> {
            Lane<S> lane = lanes.get(key);
            if (lane != null) {
                // What may still come is older.
                here(key, lane, state);
            }
        });
        evict();
    }

    void tick(long now) {
        for (Iterator<Map.Entry<String, Lane<S>>> each = failing.entrySet().iterator(); each.hasNext(); ) {
            String key = each.next().getKey();
            Lane<S> lane = lanes.get(key);
            if (lane == null || (lane.users == 0 && !lane.wanted && !lane.loading && now >= lane.loadAt)) {
                each.remove();
                lanes.remove(key);
            } else if (!lane.loading && now >= lane.loadAt) {
                load(key, lane);
            }
        }
    }

    private void load(String key, Lane<S> lane) {
        lane.loading = true;
        effects.load(shard, epoch, key);
    }

    private void evict() {
        int surplus = lanes.size() - limits.entities();
        for (Iterator<Lane<S>> eldest = lanes.values().iterator(); surplus > 0 && eldest.hasNext(); surplus--) {
            Lane<S> lane = eldest.next();
            if (lane.users == 0 && !lane.loading && lane.failures == 0) {
                eldest.remove();
            }
        }
    }
}
