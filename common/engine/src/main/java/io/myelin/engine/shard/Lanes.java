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

        /** Why the entity cannot be kept. */
        @Nullable
        String refusal;

        /** In bytes, as {@link EntityMemory} knows it. */
        long weight;

        /** Whether it counts among those that are loaded for commands that have just arrived. */
        boolean counted;

        boolean loading;

        /** Whether the state being loaded is older than one that has been committed meanwhile. */
        boolean superseded;

        /** How often in a row it could not be loaded, since when, and when it is tried again. */
        int failures;

        long failingSince;
        long loadAt;

        /**
         * Whether the entity counts as one that cannot be loaded; until a try succeeds, commands that need it are given up.
         */
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

        /** Whether it may be dropped: it is unused and not being loaded. */
        boolean isIdle() {
            return users == 0 && !loading && failures == 0;
        }

        void drop() {
            lanes.lanes.remove(key);
            lanes.memory.forget(this);
        }
    }

    /** The longest pause between two tries to load an entity that may soon be available, as when the database restarts. */
    private static final long FAILING_PAUSE_MILLIS = 1_000;

    private final int shard;
    private final long epoch;
    private final Effects<?> effects;
    private final ShardLimits limits;
    private final EntityMemory<S> memory;
    private final Map<String, Lane<S>> lanes = new HashMap<>();

    /** The lanes whose loads failed and are tried again. */
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

    /**
     * A command that was broken off needs these entities too. They are loaded at once, since other commands wait for its
     * lanes.
     */
    void needs(List<String> keys) {
        use(keys);
        keys.stream().map(lanes::get).filter(Lane::isMissing).forEach(this::load);
    }

    /** Counts one more user of each lane; returns whether any entity is missing. */
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

    /** A command that used these entities is done or dropped. */
    void leave(List<String> keys) {
        for (String key : keys) {
            Lane<S> lane = lanes.get(key);
            if (lane != null) {
                lane.users--;
                rest(lane);
            }
        }
        memory.trim();
    }

    /** An unused lane may be dropped, and is dropped at once if it was never loaded. */
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

    /** Whether it cannot be loaded, as far as is known, so that no command waits for it. */
    boolean isUnloadable(String key) {
        Lane<S> lane = lanes.get(key);
        return lane != null && lane.unloadable;
    }

    /** A load has succeeded. Returns false if the entity is too heavy to be kept; commands that need it are refused. */
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
        memory.trim();
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
     * A load has failed; it is tried again, with longer and longer pauses. The commands that wait for the entity are given
     * up if the reason is lasting. So they are if other entities were loaded while this one failed several times, since
     * then the database is available.
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
        memory.trim();
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

    /** Takes over the committed states; a state that is still being loaded is older. */
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
        memory.trim();
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

    /** How many entities cannot be loaded, and are tried again after long pauses. */
    int unloadable() {
        int count = 0;
        for (Lane<S> lane : failing.values()) {
            count += lane.unloadable ? 1 : 0;
        }
        return count;
    }

    private void load(Lane<S> lane) {
        lane.loading = true;
        effects.load(shard, epoch, lane.key);
    }

    /** This process does not own the shard any more. */
    void forget() {
        memory.forget(this);
        lanes.values().forEach(memory::forget);
        lanes.clear();
        failing.clear();
        memory.trim();
    }
}
