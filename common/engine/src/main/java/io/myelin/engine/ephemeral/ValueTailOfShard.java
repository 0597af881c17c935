package io.myelin.engine.ephemeral;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The tail of one shard. Numbers are dense unless a publication failed or was lost, so a hole shows that other keys' values
 * may be out of date; an answer that is not older than the hole completes the tail again.
 */
final class ValueTailOfShard<V> {

    private static final long NEVER = Long.MAX_VALUE;

    private final int shard;
    private final Function<V, String> key;
    private final ValueTailEffects<V> effects;
    private final ValueTailLimits limits;

    /** The newest version that was received. */
    private Version position = Version.NONE;

    /**
     * Whether everything up to the position has been received. If not, an answer is wanted that is not older than the
     * position was when that was noticed.
     */
    private boolean whole = true;

    private Version wanted = Version.NONE;

    /**
     * Everything up to this version was received before the doubt began; {@code since} has the values received after that.
     */
    private Version sure = Version.NONE;

    private final Map<String, Versioned<V>> since = new LinkedHashMap<>();

    private boolean asking;
    private boolean outOfDate;
    private long askAt;
    private long pause;
    private long heardAt;
    private long voidAt = NEVER;
    private boolean started;

    ValueTailOfShard(int shard, Function<V, String> key, ValueTailEffects<V> effects, ValueTailLimits limits) {
        this.shard = shard;
        this.key = key;
        this.effects = effects;
        this.limits = limits;
    }

    Version position() {
        return position;
    }

    boolean hasStarted() {
        return started;
    }

    // --- records

    void polled(Publication<V> record, long now) {
        Version version = record.version();
        if (version.epoch() < position.epoch()) {
            return;
        }
        heardAt = now;
        if (version.epoch() > position.epoch()) {
            since.clear();
            sure = new Version(version.epoch(), 0);
            advance(version);
            scheduleReload(now);
        } else {
            long next = record instanceof Publication.Mark ? position.n() : position.n() + 1;
            boolean hole = version.n() > next;
            if (whole) {
                sure = position;
            }
            if (!version.isAfter(sure)) {
                return;
            }
            advance(version);
            if (hole) {
                scheduleReload(now);
            }
        }
        if (record instanceof Publication.Value<V> value) {
            tell(value.key(), new Versioned<>(version, value.value()));
        }
    }

    private void advance(Version version) {
        position = position.orIfLater(version);
    }

    private void tell(String name, Versioned<V> value) {
        if (!whole) {
            Versioned<V> earlier = since.get(name);
            if (earlier != null && !value.version().isAfter(earlier.version())) {
                return;
            }
            since.put(name, value);
        }
        effects.changed(shard, value.version(), value.value());
    }

    // --- questions

    void placeLost(long now) {
        if (whole) {
            sure = position;
        }
        // An answer under way may have been made before the consumer was positioned.
        outOfDate = asking;
        scheduleReload(now);
    }

    private void scheduleReload(long now) {
        wanted = wanted.orIfLater(position);
        whole = false;
        if (started && voidAt == NEVER) {
            voidAt = now + limits.voidMillis();
        }
        if (!asking && now >= askAt) {
            ask();
        }
    }

    private void ask() {
        asking = true;
        outOfDate = false;
        effects.ask(shard);
    }

    void answered(ShardValues<V> answer, long now) {
        asking = false;
        if (whole) {
            return;
        }
        if (outOfDate) {
            ask();
            return;
        }
        if (wanted.isAfter(answer.asOf())) {
            askLater(now);
            return;
        }
        since.values().removeIf(value -> !value.version().isAfter(answer.asOf()));
        advance(answer.asOf());
        effects.reset(shard, answer.asOf());
        for (Versioned<V> value : answer.values()) {
            if (!since.containsKey(key.apply(value.value()))) {
                effects.changed(shard, value.version(), value.value());
            }
        }
        tellAgain();
        since.clear();
        whole = true;
        started = true;
        heardAt = now;
        voidAt = NEVER;
        pause = 0;
    }

    private void tellAgain() {
        since.values().forEach(value -> effects.changed(shard, value.version(), value.value()));
    }

    void askFailed(long now) {
        asking = false;
        askLater(now);
    }

    private void askLater(long now) {
        pause = pause == 0 ? limits.retryMillis() : Math.min(limits.longestRetryMillis(), pause * 2);
        askAt = now + pause;
    }

    // --- time

    void tick(long now) {
        if (!whole && !asking && now >= askAt) {
            ask();
        }
        if (now >= voidAt) {
            voidAt = NEVER;
            effects.reset(shard, sure);
            tellAgain();
        }
        if (whole && started && now - heardAt >= limits.silenceMillis()) {
            placeLost(now);
        }
    }
}
