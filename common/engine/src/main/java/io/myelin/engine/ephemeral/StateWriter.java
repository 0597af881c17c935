package io.myelin.engine.ephemeral;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;

/** Has a shard's states stored: seldom, and many at once. */
final class StateWriter<S> {

    private final int shard;
    private final long epoch;
    private final long rowEpoch;
    private final EphemeralEffects<S, ?> effects;
    private final EphemeralLimits limits;
    private final SequencedSet<String> wanted = new LinkedHashSet<>();
    private Map<String, S> underWay = Map.of();
    private long at;

    StateWriter(
            int shard, long epoch, long rowEpoch, EphemeralEffects<S, ?> effects, EphemeralLimits limits, long now) {
        this.shard = shard;
        this.epoch = epoch;
        this.rowEpoch = rowEpoch;
        this.effects = effects;
        this.limits = limits;
        at = now + limits.keepMillis();
    }

    void wants(String key) {
        wanted.add(key);
    }

    boolean isWanted(String key) {
        return wanted.contains(key) || underWay.containsKey(key);
    }

    boolean isIdle() {
        return wanted.isEmpty() && underWay.isEmpty();
    }

    void tick(Map<String, ? extends Entry<S, ?>> entries, long now) {
        if (now >= at) {
            write(entries, now);
        }
    }

    void write(Map<String, ? extends Entry<S, ?>> entries, long now) {
        if (wanted.isEmpty() || !underWay.isEmpty()) {
            return;
        }
        Map<String, S> states = new HashMap<>();
        for (Iterator<String> keys = wanted.iterator(); keys.hasNext() && states.size() < limits.keepMost(); ) {
            String key = keys.next();
            keys.remove();
            Entry<S, ?> entry = entries.get(key);
            if (entry != null) {
                states.put(key, entry.state);
            }
        }
        at = wanted.isEmpty() ? now + limits.keepMillis() : now;
        if (!states.isEmpty()) {
            underWay = states;
            effects.keep(shard, epoch, rowEpoch, states);
        }
    }

    /** The states under way are stored; returns their keys. */
    Set<String> done(Map<String, ? extends Entry<S, ?>> entries) {
        Map<String, S> written = underWay;
        underWay = Map.of();
        written.forEach((key, state) -> {
            Entry<S, ?> entry = entries.get(key);
            if (entry != null) {
                entry.kept = state;
            }
        });
        return written.keySet();
    }

    void failed(long now) {
        wanted.addAll(underWay.keySet());
        underWay = Map.of();
        at = now + limits.keepMillis() / 10;
    }
}
