package io.myelin.engine.ephemeral;

import io.myelin.engine.ownership.OwnedShard;
import io.myelin.engine.ownership.ShardRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/** A shard while this process owns it, in one epoch. */
final class EphemeralShard<I, S, V> extends OwnedShard {

    private static final long NEVER = Long.MAX_VALUE;

    /** When a key is to be looked at. */
    private record Look(long at, String key) implements Comparable<Look> {
        @Override
        public int compareTo(Look other) {
            return at != other.at ? Long.compare(at, other.at) : key.compareTo(other.key);
        }
    }

    private final long versionEpoch;
    private final EphemeralRules<I, S, V> rules;
    private final EphemeralEffects<S, V> effects;
    private final EphemeralLimits limits;
    private final Publishing<V> publishing;
    private final StateWriter<S> keeping;
    private final Map<String, Entry<S, V>> entries = new HashMap<>();
    private final PriorityQueue<Look> looks = new PriorityQueue<>();
    private boolean begun;
    private long drainUntil;
    private long loadAt = NEVER;

    EphemeralShard(
            ShardRow row,
            EphemeralRules<I, S, V> rules,
            EphemeralEffects<S, V> effects,
            EphemeralLimits limits,
            long now) {
        super(row, now);
        this.rules = rules;
        this.effects = effects;
        this.limits = limits;
        versionEpoch = Version.epoch(row.incarnation(), row.epoch());
        publishing = new Publishing<>(number(), versionEpoch, effects, limits);
        keeping = new StateWriter<>(number(), versionEpoch, epoch(), effects, limits, now);
    }

    /** The epoch in the versions of what it publishes. */
    long versionEpoch() {
        return versionEpoch;
    }

    // --- beginning

    @Override
    protected void begin() {
        effects.load(number(), versionEpoch);
    }

    void loadFailed(long now) {
        loadAt = now + limits.retryMillis();
    }

    /** Stored states are shown as of the epoch's beginning, without being published, since readers ask for them. */
    void loaded(Map<String, S> states, long now) {
        if (begun || isDraining()) {
            return;
        }
        begun = true;
        states.forEach((key, kept) -> {
            S state = rules.timePasses(kept, now);
            if (!rules.isBlank(state)) {
                Entry<S, V> entry = new Entry<>(state);
                entry.kept = kept;
                entry.shown = rules.show(state, null, now);
                entries.put(key, entry);
                schedule(key, entry, now);
            }
        });
        publishing.begin(now);
        effects.read(number());
    }

    // --- values

    @Override
    protected boolean answers() {
        return begun && !isDraining();
    }

    ShardValues<V> values() {
        List<Versioned<V>> values = new ArrayList<>(entries.size());
        for (Entry<S, V> entry : entries.values()) {
            if (entry.shown != null) {
                values.add(new Versioned<>(new Version(versionEpoch, entry.n), entry.shown));
            }
        }
        return new ShardValues<>(publishing.latest(), values);
    }

    /** The value of one key, or none. */
    ShardValues<V> values(String key) {
        Entry<S, V> entry = entries.get(key);
        List<Versioned<V>> values = entry == null || entry.shown == null
                ? List.of()
                : List.of(new Versioned<>(new Version(versionEpoch, entry.n), entry.shown));
        return new ShardValues<>(publishing.latest(), values);
    }

    /** Applies inputs. If a key's value changes more than once, only the last one is published. */
    void receive(List<Input<I>> inputs, long now) {
        if (!answers()) {
            return;
        }
        Set<String> touched = new LinkedHashSet<>();
        for (Input<I> input : inputs) {
            String key = rules.key(input.value());
            Entry<S, V> entry = entries.computeIfAbsent(key, absent -> new Entry<>(rules.initial(absent)));
            entry.state = rules.receive(entry.state, input.value(), Math.min(input.at(), now), now);
            touched.add(key);
        }
        touched.forEach(key -> refresh(key, now));
        publishing.flush(entries, now);
    }

    /** Brings the shown value of a key up to date, or forgets the key. */
    private void refresh(String key, long now) {
        Entry<S, V> entry = entries.get(key);
        if (entry == null) {
            return;
        }
        entry.state = rules.timePasses(entry.state, now);
        if (rules.isWorthKeeping(entry.kept, entry.state)) {
            keeping.wants(key);
        }
        boolean blank = rules.isBlank(entry.state);
        if (!blank) {
            entry.blankSince = NEVER;
        } else if (entry.blankSince == NEVER) {
            entry.blankSince = now;
        }
        if (blank && entry.shown == null) {
            forget(key);
            return;
        }
        V value = rules.show(entry.state, entry.shown, now);
        if (!value.equals(entry.shown)) {
            entry.shown = value;
            publishing.changed(key, entry);
        } else if (blank && now - entry.blankSince >= limits.forgetMillis() && !publishing.waits(key)) {
            forget(key);
            return;
        }
        schedule(key, entry, now);
    }

    private void forget(String key) {
        if (!keeping.isWanted(key)) {
            entries.remove(key);
        }
    }

    /** Schedules the key's next look, unless an earlier one is scheduled, which schedules the next itself. */
    private void schedule(String key, Entry<S, V> entry, long now) {
        long due = rules.dueAt(entry.state);
        if (entry.blankSince != NEVER) {
            due = Math.min(due, entry.blankSince + limits.forgetMillis());
        }
        due = Math.max(due, now + 1);
        if (due < entry.lookAt && due != NEVER) {
            entry.lookAt = due;
            looks.add(new Look(due, key));
        }
    }

    // --- outcomes

    void published() {
        publishing.succeeded();
    }

    void publishFailed(Publication<V> publication, long now) {
        publishing.failed(publication, entries, now);
    }

    void kept(long now) {
        Set<String> written = keeping.done(entries);
        if (isDraining()) {
            keeping.write(entries, now);
        } else {
            written.forEach(key -> refresh(key, now));
        }
    }

    void keepFailed(long now) {
        keeping.failed(now);
    }

    // --- time

    void tick(long now) {
        if (now >= loadAt && !begun && !isDraining()) {
            loadAt = NEVER;
            begin();
        }
        if (!begun) {
            return;
        }
        if (!isDraining()) {
            lookAtWhatIsDue(now);
            keeping.tick(entries, now);
        }
        publishing.flush(entries, now);
        publishing.tick(now);
    }

    private void lookAtWhatIsDue(long now) {
        for (Look look = looks.peek(); look != null && look.at() <= now; look = looks.peek()) {
            looks.remove();
            Entry<S, V> entry = entries.get(look.key());
            if (entry != null && entry.lookAt == look.at()) {
                entry.lookAt = NEVER;
                refresh(look.key(), now);
            }
        }
    }

    // --- ownership

    @Override
    protected int weight() {
        return entries.size();
    }

    @Override
    protected void drain(long now) {
        drainUntil = now + limits.drainMillis();
        keeping.write(entries, now);
    }

    @Override
    protected boolean isDrained(long now) {
        return now >= drainUntil || !begun || (publishing.isIdle() && keeping.isIdle());
    }
}
