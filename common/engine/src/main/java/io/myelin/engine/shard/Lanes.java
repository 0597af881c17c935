package io.myelin.engine.shard;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A shard's entities in memory: their committed states, loaded when a command first needs them. */
final class Lanes<S> {

    /** One entity. */
    static final class Lane<S> {
        final Lanes<S> lanes;
        final String key;

        @Nullable
        S state;

        /** Why there will be no state. */
        @Nullable
        String refusal;

        /** In bytes, as {@link EntityMemory} knows it. */
        long weight;

        /** Whether it counts among those that are loaded for commands that have just arrived. */
        boolean counted;

        boolean loading;

        /** Whether what is being loaded is older than the state that has been committed meanwhile. */
        boolean superseded;

        long loadAt;
        boolean hasFailed;
        int users;

        Lane(Lanes<S> lanes, String key) {
            this.lanes = lanes;
            this.key = key;
        }

        boolean isMissing() {
            return state == null && !loading && refusal == null;
        }

        /** Whether it may go: nobody uses it, and nothing of it is under way. */
        boolean isIdle() {
            return users == 0 && !loading;
        }

        void drop() {
            lanes.lanes.remove(key);
            lanes.memory.forget(this);
        }
    }

    private final int shard;
    private final long epoch;
    private final Effects<?> effects;
    private final ShardLimits limits;
    private final EntityMemory<S> memory;
    private final Map<String, Lane<S>> lanes = new HashMap<>();
    private int failedLoads;

    Lanes(int shard, long epoch, Effects<?> effects, ShardLimits limits, EntityMemory<S> memory) {
        this.shard = shard;
        this.epoch = epoch;
        this.effects = effects;
        this.limits = limits;
        this.memory = memory;
    }

    /** A command that needs these entities has arrived; they are loaded when there is memory for them. */
    void enter(List<String> keys) {
        if (use(keys)) {
            memory.request(this, keys);
        }
    }

    /** A command that has been broken off needs these too: at once, since others wait for what it has. */
    void needs(List<String> keys) {
        use(keys);
        keys.stream().map(lanes::get).filter(Lane::isMissing).forEach(this::load);
    }

    /** Whether any of them is missing. */
    private boolean use(List<String> keys) {
        boolean isMissing = false;
        for (String key : keys) {
            Lane<S> lane = lane(key);
            lane.users++;
            memory.inUse(lane);
            isMissing |= lane.isMissing();
        }
        return isMissing;
    }

    private Lane<S> lane(String key) {
        return lanes.computeIfAbsent(key, absent -> new Lane<>(this, absent));
    }

    /** There is memory for a command's entities: those that are still missing are loaded. */
    void load(List<String> keys) {
        for (String key : keys) {
            Lane<S> lane = lanes.get(key);
            if (lane != null && lane.isMissing() && lane.users > 0) {
                memory.loading(lane);
                load(lane);
            }
        }
    }

    /** It is done, or gone. */
    void leave(List<String> keys) {
        for (String key : keys) {
            Lane<S> lane = lanes.get(key);
            if (lane != null) {
                lane.users--;
                rest(lane);
            }
        }
        memory.settle();
    }

    /** What nobody uses may go; and goes, if it was never loaded. */
    private void rest(Lane<S> lane) {
        if (lane.users == 0 && lane.loadAt > 0) {
            lane.loadAt = 0;
            lane.loading = false;
            failedLoads--;
        }
        if (lane.isIdle()) {
            if (lane.state == null && lane.refusal == null) {
                lane.drop();
            } else {
                memory.idle(lane);
            }
        }
    }

    @Nullable
    S state(String key) {
        Lane<S> lane = lanes.get(key);
        if (lane == null) {
            return null;
        }
        if (lane.users == 0) {
            memory.touched(lane);
        }
        return lane.state;
    }

    /** Why a command that needs these entities can never have them; null if it can. */
    @Nullable
    String refusal(List<String> keys) {
        for (String key : keys) {
            Lane<S> lane = lanes.get(key);
            if (lane != null && lane.refusal != null) {
                return lane.refusal;
            }
        }
        return null;
    }

    /** Whether a state will be here soon, as far as is known. */
    boolean isComing(String key) {
        Lane<S> lane = lanes.get(key);
        return lane != null && lane.state == null && lane.loading && !lane.hasFailed;
    }

    /** False if it is too heavy to be kept: whoever needs it is refused. */
    boolean loaded(String key, S state) {
        Lane<S> lane = lanes.get(key);
        if (lane == null || !lane.loading) {
            return true;
        }
        lane.loading = false;
        lane.hasFailed = false;
        memory.arrived(lane);
        if (lane.superseded) {
            lane.superseded = false;
        } else {
            lane.refusal = memory.refusal(state);
            lane.state = lane.refusal == null ? state : null;
            memory.weigh(lane);
        }
        boolean isKept = lane.refusal == null;
        rest(lane);
        memory.settle();
        return isKept;
    }

    void loadFailed(String key, long now) {
        Lane<S> lane = lanes.get(key);
        if (lane == null || !lane.loading) {
            return;
        }
        memory.arrived(lane);
        if (lane.superseded) {
            lane.superseded = false;
            lane.loading = false;
            rest(lane);
        } else {
            lane.loadAt = now + limits.retryMillis();
            lane.hasFailed = true;
            failedLoads++;
            rest(lane);
        }
        memory.settle();
    }

    /** What has been committed is what is so from now on. */
    void committed(Map<String, S> changes) {
        changes.forEach((key, state) -> {
            Lane<S> lane = lane(key);
            lane.state = state;
            lane.refusal = null;
            if (lane.loading) {
                committedWhileLoading(lane);
            }
            memory.weigh(lane);
            rest(lane);
        });
        memory.settle();
    }

    /** What may still come is older. */
    private void committedWhileLoading(Lane<S> lane) {
        if (lane.loadAt > 0) {
            lane.loadAt = 0;
            lane.loading = false;
            failedLoads--;
        } else {
            lane.superseded = true;
        }
    }

    void tick(long now) {
        memory.tick(now, limits.retryMillis());
        if (failedLoads == 0) {
            return;
        }
        lanes.values().forEach(lane -> {
            if (lane.loading && lane.loadAt > 0 && now >= lane.loadAt) {
                failedLoads--;
                load(lane);
            }
        });
    }

    private void load(Lane<S> lane) {
        lane.loading = true;
        lane.loadAt = 0;
        effects.load(shard, epoch, lane.key);
    }

    /** The shard is no longer ours. */
    void forget() {
        memory.forget(this);
        lanes.values().forEach(memory::forget);
        lanes.clear();
        failedLoads = 0;
        memory.settle();
    }
}
