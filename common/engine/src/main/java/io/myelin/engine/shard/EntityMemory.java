package io.myelin.engine.shard;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The memory budget for the entities of all shards of one service in a process. When it is exceeded, unused entities are
 * dropped, the least recently used first. Entities that commands under way need are never dropped.
 *
 * <p>So that commands under way do not take all memory, the entities of further commands are not loaded while the budget is
 * exceeded, nor while {@value #MOST_LOADING} entities are being loaded, whose weight is not known yet.
 */
final class EntityMemory<S> {

    /** How many entities may be loading at once for commands that have just arrived. */
    static final int MOST_LOADING = 32;

    /** The weight of a lane itself, in bytes. */
    private static final long LANE = 150;

    /** The entities of a command that has just arrived, none of which is being loaded yet. */
    private record Held<S>(Lanes<S> lanes, List<String> keys) {}

    private final ToLongFunction<S> weigher;
    private final long budget;

    /** The unused lanes, the least recently used first. */
    private final SequencedSet<Lanes.Lane<S>> idle = new LinkedHashSet<>();

    private final Deque<Held<S>> held = new ArrayDeque<>();
    private long used;
    private int loading;
    private long patientUntil;

    /** @param budget bytes */
    EntityMemory(ToLongFunction<S> weigher, long budget) {
        this.weigher = weigher;
        this.budget = budget;
    }

    long used() {
        return used;
    }

    /** Why an entity cannot be kept at all; null if it can. */
    @Nullable
    String refusal(S state) {
        long weight = weigher.applyAsLong(state);
        return weight <= budget
                ? null
                : "This needs " + weight + " bytes of this server's memory, and it has " + budget + " for all";
    }

    /** A lane has a new state. */
    void weigh(Lanes.Lane<S> lane) {
        used -= lane.weight;
        S state = lane.state;
        lane.weight = LANE + 2L * lane.key.length() + (state == null ? 0 : weigher.applyAsLong(state));
        used += lane.weight;
    }

    /** A lane is unused and may be dropped. */
    void idle(Lanes.Lane<S> lane) {
        idle.add(lane);
    }

    void inUse(Lanes.Lane<S> lane) {
        idle.remove(lane);
    }

    /** An unused lane was read. */
    void touched(Lanes.Lane<S> lane) {
        if (idle.remove(lane)) {
            idle.add(lane);
        }
    }

    /** A lane is gone. */
    void forget(Lanes.Lane<S> lane) {
        idle.remove(lane);
        used -= lane.weight;
        lane.weight = 0;
        arrived(lane);
    }

    /** Drops unused lanes until the rest is within the budget, then loads entities for commands that wait. */
    void trim() {
        while (used > budget && !idle.isEmpty()) {
            idle.getFirst().drop();
        }
        while (!held.isEmpty() && mayLoad()) {
            load();
        }
    }

    /** Has a command's entities loaded, now or later. */
    void request(Lanes<S> lanes, List<String> keys) {
        if (held.isEmpty() && mayLoad()) {
            lanes.load(keys);
        } else {
            held.add(new Held<>(lanes, keys));
        }
    }

    private boolean mayLoad() {
        return used <= budget && loading < MOST_LOADING;
    }

    private void load() {
        Held<S> next = held.remove();
        next.lanes().load(next.keys());
    }

    /** An entity is being loaded for a command that has just arrived. */
    void loading(Lanes.Lane<S> lane) {
        if (!lane.counted) {
            lane.counted = true;
            loading++;
        }
    }

    /** The entity is loaded, or will not be for a while. */
    void arrived(Lanes.Lane<S> lane) {
        if (lane.counted) {
            lane.counted = false;
            loading--;
        }
    }

    /**
     * Loads the entities of one waiting command although there is no memory; otherwise two commands could wait for each
     * other's memory for ever.
     */
    void tick(long now, long patienceMillis) {
        if (held.isEmpty() || now < patientUntil) {
            return;
        }
        patientUntil = now + patienceMillis;
        load();
    }

    /** A shard is gone. */
    void forget(Lanes<S> lanes) {
        held.removeIf(waiting -> waiting.lanes() == lanes);
    }
}
