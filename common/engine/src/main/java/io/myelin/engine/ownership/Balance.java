package io.myelin.engine.ownership;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How a service's shards are spread over its living instances, as one of them sees it. If every instance keeps within its
 * {@link #share}, and instances below theirs claim free shards, the instances' numbers of shards come to differ by at most
 * one, and shards stop moving.
 *
 * @param shards how many there are
 * @param instances how many instances want shards: those that live and are not about to leave
 * @param wanting whether this instance is one of them
 * @param fuller how many of the others own more than ⌊shards ÷ instances⌋
 * @param unowned how many shards no living instance owns
 */
public record Balance(int shards, int instances, boolean wanting, int fuller, int unowned) {

    /**
     * The balance that the rows show.
     *
     * @param owners by shard, living instances only, also those that are about to leave
     * @param <I> an instance's ID
     */
    public static <I> Balance of(I me, int shards, Set<I> wanting, Map<Integer, I> owners) {
        Map<I, Integer> owned = new HashMap<>();
        owners.values().forEach(owner -> owned.merge(owner, 1, Integer::sum));
        int floor = wanting.isEmpty() ? 0 : shards / wanting.size();
        int fuller = 0;
        for (I instance : wanting) {
            if (!instance.equals(me) && owned.getOrDefault(instance, 0) > floor) {
                fuller++;
            }
        }
        return new Balance(shards, wanting.size(), wanting.contains(me), fuller, shards - owners.size());
    }

    /** How many shards this instance should own: one more than others only while shards are left over. */
    public int share() {
        if (!wanting) {
            return 0;
        }
        return shards / instances + (fuller < shards % instances ? 1 : 0);
    }

    /** The most shards that an instance should own: ⌈shards ÷ instances⌉. */
    public int ceiling() {
        return wanting ? Math.ceilDiv(shards, instances) : 0;
    }
}
