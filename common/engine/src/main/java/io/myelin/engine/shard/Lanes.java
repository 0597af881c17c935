package io.myelin.engine.shard;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
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

        /** How often in a row it could not be loaded, since when, and when it is tried again. */
        int failures;

        long failingSince;
        long loadAt;

        /** It cannot be loaded, and whoever needs it is told so, until a try succeeds. */
        boolean unloadable;

        /** Whether a command has come for it since the last try. */
        boolean wanted;

        int users;

        Lane(Lanes<S> lanes, String key) {
            this.lanes = lanes;
            this.key = key;
        }

        boolean isMissing() {
            return state == null && !loading && refusal == null && failures == 0;
        }

        /** Whether it may go: nobody uses it, and nothing of it is under way. */
        boolean isIdle() {
            return users == 0 && !loading && failures == 0;
        }

        void drop() {
            lanes.lanes.remove(key);
            lanes.memory.forget(this);
        }
    }

    /** Between two tries to load what may soon be there, as when the database is started again. */
    private static final long FAILING_PAUSE_MILLIS = 1_000;

    private final int shard;
    private final long epoch;
    private final Effects<?> effects;
    private final ShardLimits limits;
    private final EntityMemory<S> memory;
    private final Map<String, Lane<S>> lanes = new HashMap<>();

    /** What could not be loaded and is tried again; part of the lanes. */
    private final Map<String, Lane<S>> failing = new LinkedHashMap<>();

    private long lastLoadAt = Long.MIN_VALUE;

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
            lane.wanted = true;
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
        return lane != null && lane.state == null && lane.loading && lane.failures == 0;
    }

    /** Whether it cannot be loaded, as far as is known: nobody waits for it. */
    boolean isUnloadable(String key) {
        Lane<S> lane = lanes.get(key);
        return lane != null && lane.unloadable;
    }

    /** False if it is too heavy to be kept: whoever needs it is refused. */
    boolean loaded(String key, S state, long now) {
        lastLoadAt = now;
        Lane<S> lane = lanes.get(key);
        if (lane == null || !lane.loading) {
            return true;
        }
        ended(lane);
        recovered(lane);
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

    private void ended(Lane<S> lane) {
        lane.loading = false;
        memory.arrived(lane);
    }

    private void recovered(Lane<S> lane) {
        if (lane.failures > 0) {
            lane.failures = 0;
            lane.unloadable = false;
            failing.remove(lane.key);
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
        ended(lane);
        if (lane.superseded) {
            lane.superseded = false;
            rest(lane);
        } else {
            failed(lane, lasting, now);
        }
        memory.settle();
    }

    private void failed(Lane<S> lane, boolean lasting, long now) {
        lane.wanted = false;
        if (lane.failures++ == 0) {
            lane.failingSince = now;
        }
        boolean othersAreLoaded = lastLoadAt >= lane.failingSince;
        lane.unloadable |= lasting || (lane.failures >= limits.loadAttempts() && othersAreLoaded);
        long longest = lane.unloadable ? limits.quarantineMillis() : FAILING_PAUSE_MILLIS;
        lane.loadAt = now + Math.min(longest, limits.retryMillis() << Math.min(lane.failures, 20));
        failing.put(lane.key, lane);
    }

    /** What has been committed is what is so from now on; what may still come is older. */
    void committed(Map<String, S> changes) {
        changes.forEach((key, state) -> {
            Lane<S> lane = lane(key);
            lane.state = state;
            lane.refusal = null;
            lane.superseded = lane.loading;
            recovered(lane);
            memory.weigh(lane);
            rest(lane);
        });
        memory.settle();
    }

    void tick(long now) {
        memory.tick(now, limits.retryMillis());
        for (Iterator<Lane<S>> each = failing.values().iterator(); each.hasNext(); ) {
            Lane<S> lane = each.next();
            if (lane.loading || now < lane.loadAt) {
                continue;
            }
            if (lane.users == 0 && !lane.wanted) {
                each.remove();
                lane.drop();
            } else {
                load(lane);
            }
        }
    }

    private void load(Lane<S> lane) {
        lane.loading = true;
        effects.load(shard, epoch, lane.key);
    }

    /** The shard is no longer ours. */
    void forget() {
        memory.forget(this);
        lanes.values().forEach(memory::forget);
        lanes.clear();
        failing.clear();
        memory.settle();
    }
}
