package io.myelin.engine.shard;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The shards that a runtime owns, each in an epoch: it looks who owns what, claims what is free as far as it is this
 * process's share, gives up what is too much, and leaves.
 *
 * @param <O> a shard of the runtime
 */
public final class Ownership<O extends Owned> {

    /** Begins a look at the rows, which claims as many of the wanted shards as it should of those that are free. */
    @FunctionalInterface
    public interface Looking {
        /** → {@link Ownership#looked} or {@link Ownership#lookFailed}, with the same {@code life}. */
        void look(int life, Set<Integer> wanted);
    }

    /** What the runtime begins for a shard that has become its own. */
    public interface Claiming<O> {
        O claimed(ShardRow row, long now);

        /** Not called if it is to be given up at once. */
        void begin(O shard, ShardRow row);
    }

    private final int shardCount;
    private final long claimMillis;
    private final Looking looking;
    private final Claiming<O> claiming;
    private final Looks looks;
    private final TreeMap<Integer, O> owned = new TreeMap<>();

    /** Shards whose release is under way, and the epochs in which they were ours. */
    private final Map<Integer, Long> releasing = new HashMap<>();

    private @Nullable Balance balance;
    private boolean leaving;

    /** @param claimMillis between two looks while nothing moves */
    public Ownership(int shardCount, long claimMillis, Looking looking, Claiming<O> claiming) {
        this.shardCount = shardCount;
        this.claimMillis = claimMillis;
        this.looking = looking;
        this.claiming = claiming;
        looks = new Looks(claimMillis);
    }

    // --- what is ours

    /** The shards that are ours, by number; changes while they do. */
    public NavigableMap<Integer, O> shards() {
        return Collections.unmodifiableNavigableMap(owned);
    }

    /** The same, as of now. */
    public Collection<O> all() {
        return List.copyOf(owned.values());
    }

    public @Nullable O get(int number) {
        return owned.get(number);
    }

    /** The shard, if it is ours in this epoch. */
    public @Nullable O get(int number, long epoch) {
        O shard = owned.get(number);
        return shard != null && shard.epoch() == epoch ? shard : null;
    }

    /** Whether every shard had a living owner when this instance last looked. */
    public boolean allOwned() {
        Balance seen = balance;
        return seen != null && seen.unowned() == 0;
    }

    // --- looking

    /** Something came, left or was released: worth a look. */
    public void moved(long now) {
        looks.soon();
        look(now);
    }

    /** Looks, if it is time to. */
    public void look(long now) {
        if (!leaving && looks.begin(now)) {
            Set<Integer> wanted = new HashSet<>();
            for (int number = 0; number < shardCount; number++) {
                if (!owned.containsKey(number) && !releasing.containsKey(number)) {
                    wanted.add(number);
                }
            }
            looking.look(looks.life(), wanted);
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
        lost(row.shard());
        O shard = claiming.claimed(row, now);
        owned.put(row.shard(), shard);
        if (leaving) {
            giveUp(shard, now);
        } else {
            claiming.begin(shard, row);
        }
    }

    // --- giving up

    /**
     * One shard at a time, the lightest. As long as nobody exceeds the ceiling, what was claimed just now is kept for a
     * while: others may be about to move too.
     */
    private void giveUpWhatIsTooMuch(Balance seen, long now) {
        if (leaving
                || owned.size() <= seen.share()
                || !releasing.isEmpty()
                || owned.values().stream().anyMatch(Owned::isDraining)) {
            return;
        }
        long settledBefore = owned.size() > seen.ceiling() ? now : now - 2 * claimMillis;
        owned.values().stream()
                .filter(shard -> shard.claimedAt() <= settledBefore)
                .min(Comparator.comparingInt(Owned::weight))
                .ifPresent(shard -> giveUp(shard, now));
    }

    private void giveUp(O shard, long now) {
        if (!shard.isDraining()) {
            shard.drain(now);
        }
        releaseIfDrained(shard, now);
    }

    /** To be called when something of a shard has ended, or time has passed. */
    public void releaseIfDrained(O shard, long now) {
        if (shard.isDraining() && shard.isDrained(now)) {
            owned.remove(shard.number());
            releasing.put(shard.number(), shard.epoch());
            shard.release();
        }
    }

    /** A release is over. If it failed, the row still says that the shard is ours, and the next look claims it. */
    public void released(int number, long epoch, long now) {
        if (releasing.remove(number, epoch)) {
            moved(now);
        }
    }

    /** A shard is no longer ours, and nothing can be handed back. */
    public void lost(int number) {
        O shard = owned.remove(number);
        if (shard != null) {
            shard.lost();
        }
    }

    /** The lease was lost: every shard may have another owner by now. */
    public void lostEverything() {
        List.copyOf(owned.keySet()).forEach(this::lost);
        releasing.clear();
        balance = null;
        looks.beginAnew();
    }

    // --- leaving

    /** A planned stop: every shard is given up, and none is claimed any more. */
    public void leave(long now) {
        leaving = true;
        all().forEach(shard -> giveUp(shard, now));
    }

    /** Whether everything was released after {@link #leave}. */
    public boolean hasLeft() {
        return leaving && owned.isEmpty() && releasing.isEmpty() && !looks.underWay();
    }
}
