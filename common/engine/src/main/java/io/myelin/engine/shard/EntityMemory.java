package io.myelin.engine.shard;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the entities of all shards of one service and process may weigh together. What nobody uses goes as soon as there is
 * more, the least recently used first; what commands that are under way need stays.
 *
 * <p>So that these commands alone do not need all memory there is, the entities of further commands are not loaded while the
 * budget is overdrawn, nor while {@value #MOST_LOADING} are being loaded for others: nobody knows before what they will weigh.
 */
final class EntityMemory<S> {

    /** So many entities may be on their way at once for commands that have just arrived. */
    static final int MOST_LOADING = 32;

    /** Of a lane itself, in bytes. */
    private static final long LANE = 150;

    /** The entities of a command that has just arrived, none of which is being loaded yet. */
    private record Held<S>(Lanes<S> lanes, List<String> keys) {}

    private final ToLongFunction<S> weigher;
    private final long budget;

    /** Those that nobody uses, the least recently used first. */
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

    /** A lane has a state, or another one than before. */
    void weigh(Lanes.Lane<S> lane) {
        used -= lane.weight;
        S state = lane.state;
        lane.weight = LANE + 2L * lane.key.length() + (state == null ? 0 : weigher.applyAsLong(state));
        used += lane.weight;
    }

    /** A lane is used by nobody: it may go. */
    void idle(Lanes.Lane<S> lane) {
        idle.add(lane);
    }

    void inUse(Lanes.Lane<S> lane) {
        idle.remove(lane);
    }

    /** A lane that nobody uses was looked at. */
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

    /** Drops what nobody uses until the rest is within the budget, and lets those in who wait for that. */
    void settle() {
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

    /** It is here, or will not be for a while. */
    void arrived(Lanes.Lane<S> lane) {
        if (lane.counted) {
            lane.counted = false;
            loading--;
        }
    }

    /** Lets one in who waits though there is no memory: else two could wait for each other's for ever. */
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
