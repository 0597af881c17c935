package io.myelin.engine.ownership;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How a service's shards are spread over its living instances, as one of them sees it. If every instance keeps within
 * its {@link #share}, and what is free is claimed by whoever is below, the spread ends with a difference of at most one
 * and then rests.
 *
 * @param shards how many there are
 * @param instances how many want shards: they live, and none is about to leave
 * @param wanting whether this instance is one of them
 * @param fuller how many of the others own more than ⌊shards ÷ instances⌋
 * @param unowned how many shards no living instance owns
 */
public record Balance(int shards, int instances, boolean wanting, int fuller, int unowned) {

    /**
     * What the rows say.
     *
     * @param owners by shard, living instances only, also those that are about to leave
     * @param <I> what names an instance
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

    /** How many shards this instance should own: one more than others only while there are shards over for it. */
    public int share() {
        if (!wanting) {
            return 0;
        }
        return shards / instances + (fuller < shards % instances ? 1 : 0);
    }

    /** What nobody should exceed: ⌈shards ÷ instances⌉. */
    public int ceiling() {
        return wanting ? Math.ceilDiv(shards, instances) : 0;
    }
}
