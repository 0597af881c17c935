package io.myelin.engine.ephemeral;

import io.myelin.engine.shard.Balance;
import io.myelin.engine.shard.Look;
import io.myelin.engine.shard.Looks;
import io.myelin.engine.shard.ShardRow;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The engine of one ephemeral service in one process: it owns shards, each in an epoch, keeps a value for each key in
 * memory, and publishes it whole whenever it has changed. Nothing is committed and nothing is replayed: a new owner
 * begins with what was written down, if anything is, and with the inputs of the last minutes.
 *
 * <p>Inputs are its methods, called by one thread; effects go out through {@link EphemeralEffects}. Promises: whoever
 * hears all that is published, or asks for {@link #values} after having missed something, knows the same as the owner;
 * what is shown ends when its time is over.
 *
 * @param <I> an input
 * @param <S> what is remembered of a key
 * @param <V> what is shown of it
 */
public final class EphemeralRuntime<I, S, V> {

    private final int shardCount;
    private final EphemeralRules<I, S, V> rules;
    private final EphemeralEffects<S, V> effects;
    private final EphemeralLimits limits;
    private final TreeMap<Integer, EphemeralShard<I, S, V>> owned = new TreeMap<>();
    private final Looks looks;

    /** Shards whose release is under way, and the epochs in which they were ours. */
    private final Map<Integer, Long> releasing = new HashMap<>();

    private @Nullable Balance balance;
    private boolean leaving;

    public EphemeralRuntime(
            int shardCount, EphemeralRules<I, S, V> rules, EphemeralEffects<S, V> effects, EphemeralLimits limits) {
        this.shardCount = shardCount;
        this.rules = rules;
        this.effects = effects;
        this.limits = limits;
        looks = new Looks(limits.claimMillis());
    }

    // --- ownership

    /** Another instance came, left or released something: worth a look. */
    public void moved(long now) {
        looks.soon();
        look(now);
    }

    private void look(long now) {
        if (!leaving && looks.begin(now)) {
            Set<Integer> wanted = new HashSet<>();
            for (int number = 0; number < shardCount; number++) {
                if (!owned.containsKey(number) && !releasing.containsKey(number)) {
                    wanted.add(number);
                }
            }
            effects.look(looks.life(), wanted);
        }
    }

    /** The outcome of a look: what was claimed is ours, and who has too much gives one shard up. */
    public void looked(int life, Look look, long now) {
        boolean moving = look.balance().unowned() > 0
                || owned.size() + look.claimed().size() != look.balance().share();
        if (!looks.ended(life, now, moving)) {
            return;
        }
        look.claimed().forEach(row -> claimed(row, now));
        balance = look.balance();
        giveUpWhatIsTooMuch(look.balance(), now);
        look(now);
    }

    /** The rows could not be looked at. */
    public void lookFailed(int life, long now) {
        looks.ended(life, now, false);
    }

    private void claimed(ShardRow row, long now) {
        EphemeralShard<I, S, V> shard = new EphemeralShard<>(row, rules, effects, limits, now);
        owned.put(row.shard(), shard);
        if (leaving) {
            giveUp(shard, now);
        } else {
            effects.load(shard.number, shard.epoch);
        }
    }

    /**
     * One shard at a time, the one with the fewest values. As long as nobody exceeds the ceiling, what was claimed just
     * now is kept for a while: others may be about to move too.
     */
    private void giveUpWhatIsTooMuch(Balance seen, long now) {
        if (leaving
                || owned.size() <= seen.share()
                || !releasing.isEmpty()
                || owned.values().stream().anyMatch(EphemeralShard::isDraining)) {
            return;
        }
        long settledBefore = owned.size() > seen.ceiling() ? now : now - 2 * limits.claimMillis();
        owned.values().stream()
                .filter(shard -> shard.claimedAt <= settledBefore)
                .min(Comparator.comparingInt(EphemeralShard::size))
                .ifPresent(shard -> giveUp(shard, now));
    }

    private void giveUp(EphemeralShard<I, S, V> shard, long now) {
        shard.drain(now);
        releaseIfDrained(shard, now);
    }

    private void releaseIfDrained(EphemeralShard<I, S, V> shard, long now) {
        if (shard.isDrained(now)) {
            owned.remove(shard.number);
            releasing.put(shard.number, shard.epoch);
            effects.release(shard.number, shard.rowEpoch);
        }
    }

    /** A release is over. If it failed, the row still says that the shard is ours, and the next look claims it. */
    public void released(int number, long now) {
        if (releasing.remove(number) != null) {
            looks.soon();
            look(now);
        }
    }

    /**
     * The lease was lost: every shard may have another owner by now. Only after this may the process take a lease under
     * a new id.
     */
    public void lostEverything() {
        owned.clear();
        releasing.clear();
        balance = null;
        looks.beginAnew();
    }

    /** A planned stop: what is worth it is written down, then the shards are released. */
    public void leave(long now) {
        leaving = true;
        List.copyOf(owned.values()).forEach(shard -> giveUp(shard, now));
    }

    /** Whether everything was released after {@link #leave}. */
    public boolean hasLeft() {
        return leaving && owned.isEmpty() && releasing.isEmpty() && !looks.underWay();
    }

    /** Whether every shard had a living owner when this instance last looked. */
    public boolean allOwned() {
        Balance seen = balance;
        return seen != null && seen.unowned() == 0;
    }

    /** The shards whose values this process can tell, if its lease holds. */
    public Set<Integer> owned() {
        Set<Integer> able = new HashSet<>();
        owned.values().stream().filter(EphemeralShard::answers).forEach(shard -> able.add(shard.number));
        return able;
    }

    // --- values

    /** All values of a shard, if it is ours and has begun; whether the lease still holds is for the caller to know. */
    public Optional<ShardValues<V>> values(int number) {
        return Optional.ofNullable(owned.get(number))
                .filter(EphemeralShard::answers)
                .map(EphemeralShard::values);
    }

    /** What was written down, by key. */
    public void loaded(int number, long epoch, Map<String, S> states, long now) {
        with(number, epoch, shard -> shard.begin(states, now));
    }

    public void loadFailed(int number, long epoch, long now) {
        with(number, epoch, shard -> shard.loadFailed(now));
    }

    /** Inputs of a shard; those of one topic in its order. */
    public void polled(int number, List<Input<I>> inputs, long now) {
        EphemeralShard<I, S, V> shard = owned.get(number);
        if (shard != null) {
            shard.receive(inputs, now);
        }
    }

    public void published(int number, Version version, long now) {
        with(number, version.epoch(), shard -> {
            shard.published();
            releaseIfDrained(shard, now);
        });
    }

    public void publishFailed(int number, Publication<V> publication, long now) {
        with(number, publication.version().epoch(), shard -> {
            shard.publishFailed(publication, now);
            releaseIfDrained(shard, now);
        });
    }

    /** The states that were to be written down are. */
    public void kept(int number, long epoch, long now) {
        with(number, epoch, shard -> {
            shard.kept(now);
            releaseIfDrained(shard, now);
        });
    }

    public void keepFailed(int number, long epoch, long now) {
        with(number, epoch, shard -> shard.keepFailed(now));
    }

    private void with(int number, long epoch, Consumer<EphemeralShard<I, S, V>> action) {
        EphemeralShard<I, S, V> shard = owned.get(number);
        if (shard != null && shard.epoch == epoch) {
            action.accept(shard);
        }
    }

    // --- time

    /** Time has passed: looks, time-outs, retries. */
    public void tick(long now) {
        look(now);
        for (EphemeralShard<I, S, V> shard : List.copyOf(owned.values())) {
            shard.tick(now);
            releaseIfDrained(shard, now);
        }
    }
}
