package io.myelin.engine.ownership;

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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The shards that a runtime owns, each in an epoch. It looks at the owners of all shards, claims free shards up to this
 * process's share, gives up shards beyond that share, and gives up all of them at a planned stop.
 *
 * @param <O> a shard of the runtime
 */
public final class OwnedShards<O extends OwnedShard> implements Ownership {

    /** Makes an engine's shard of the row that was claimed. */
    @FunctionalInterface
    public interface Claiming<O> {
        O claimed(ShardRow row, long now);
    }

    private final int shardCount;
    private final long claimMillis;
    private final OwnershipEffects effects;
    private final Claiming<O> claiming;
    private final OwnerScans scans;
    private final TreeMap<Integer, O> owned = new TreeMap<>();

    /** Shards whose release is under way, with the epochs in which this process owned them. */
    private final Map<Integer, Long> releasing = new HashMap<>();

    private @Nullable Balance balance;
    private boolean leaving;

    /** @param claimMillis the pause between two looks while no shard moves */
    public OwnedShards(int shardCount, long claimMillis, OwnershipEffects effects, Claiming<O> claiming) {
        this.shardCount = shardCount;
        this.claimMillis = claimMillis;
        this.effects = effects;
        this.claiming = claiming;
        scans = new OwnerScans(claimMillis);
    }

    // --- what is ours

    /** The owned shards by number, as a live view. */
    public NavigableMap<Integer, O> shards() {
        return Collections.unmodifiableNavigableMap(owned);
    }

    /** The owned shards as of now. */
    public Collection<O> all() {
        return List.copyOf(owned.values());
    }

    public @Nullable O get(int number) {
        return owned.get(number);
    }

    /** The shard, if this process owns it in this epoch. */
    public @Nullable O get(int number, long epoch) {
        O shard = owned.get(number);
        return shard != null && shard.epoch() == epoch ? shard : null;
    }

    @Override
    public boolean allOwned() {
        Balance seen = balance;
        return seen != null && seen.unowned() == 0;
    }

    @Override
    public Set<Integer> owned() {
        return owned.values().stream()
                .filter(OwnedShard::answers)
                .map(OwnedShard::number)
                .collect(Collectors.toUnmodifiableSet());
    }

    // --- looking

    @Override
    public void lookForShards(long now) {
        scans.soon();
        look(now);
    }

    /** Looks, if it is time to. */
    public void look(long now) {
        if (!leaving && scans.begin(now)) {
            Set<Integer> wanted = new HashSet<>();
            for (int number = 0; number < shardCount; number++) {
                if (!owned.containsKey(number) && !releasing.containsKey(number)) {
                    wanted.add(number);
                }
            }
            effects.look(scans.life(), wanted);
        }
    }

    @Override
    public void looked(int life, OwnerScan look, long now) {
        boolean moving = look.balance().unowned() > 0
                || owned.size() + look.claimed().size() != look.balance().share();
        if (!scans.ended(life, now, moving)) {
            return;
        }
        look.claimed().forEach(row -> claimed(row, now));
        balance = look.balance();
        giveUpWhatIsTooMuch(look.balance(), now);
        look(now);
    }

    @Override
    public void lookFailed(int life, long now) {
        scans.ended(life, now, false);
    }

    private void claimed(ShardRow row, long now) {
        lost(row.shard());
        O shard = claiming.claimed(row, now);
        owned.put(row.shard(), shard);
        if (leaving) {
            giveUp(shard, now);
        } else {
            shard.begin();
        }
    }

    // --- giving up

    /**
     * Gives up one shard at a time, the lightest. As long as this instance does not exceed the ceiling, it keeps recently
     * claimed shards for a while, since other shards may be about to move too.
     */
    private void giveUpWhatIsTooMuch(Balance seen, long now) {
        if (leaving
                || owned.size() <= seen.share()
                || !releasing.isEmpty()
                || owned.values().stream().anyMatch(OwnedShard::isDraining)) {
            return;
        }
        long settledBefore = owned.size() > seen.ceiling() ? now : now - 2 * claimMillis;
        owned.values().stream()
                .filter(shard -> shard.claimedAt() <= settledBefore)
                .min(Comparator.comparingInt(OwnedShard::weight))
                .ifPresent(shard -> giveUp(shard, now));
    }

    private void giveUp(O shard, long now) {
        shard.giveUp(now);
        releaseIfDrained(shard, now);
    }

    /** To be called when work of a shard has ended, or time has passed. */
    public void releaseIfDrained(O shard, long now) {
        if (shard.isDraining() && shard.isDrained(now)) {
            owned.remove(shard.number());
            releasing.put(shard.number(), shard.epoch());
            shard.forget();
            effects.release(shard.number(), shard.epoch(), shard.publishedUpTo());
        }
    }

    @Override
    public void released(int number, long epoch, long now) {
        if (releasing.remove(number, epoch)) {
            lookForShards(now);
        }
    }

    /** A shard was lost: this process does not own it any more and cannot release it. */
    public void lost(int number) {
        O shard = owned.remove(number);
        if (shard != null) {
            shard.forget();
        }
    }

    @Override
    public void leaseLost() {
        List.copyOf(owned.keySet()).forEach(this::lost);
        releasing.clear();
        balance = null;
        scans.beginAnew();
    }

    // --- leaving

    @Override
    public void leave(long now) {
        leaving = true;
        all().forEach(shard -> giveUp(shard, now));
    }

    @Override
    public boolean hasLeft() {
        return leaving && owned.isEmpty() && releasing.isEmpty() && !scans.underWay();
    }
}
