package io.myelin.engine.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BalanceTest {

    private static final Set<String> TWO = Set.of("a", "b");

    @Test
    void aloneItsShareIsEverything() {
        Balance balance = Balance.of("a", 16, Set.of("a"), Map.of());
        assertThat(balance.share()).isEqualTo(16);
        assertThat(balance.unowned()).isEqualTo(16);
    }

    @Test
    void twoShareEvenly() {
        assertThat(Balance.of("a", 16, TWO, Map.of()).share()).isEqualTo(8);
    }

    @Test
    void whatIsLeftOverGoesToWhoHasIt() {
        assertThat(Balance.of("a", 3, TWO, Map.of(0, "b", 1, "b")).share()).isEqualTo(1);
        assertThat(Balance.of("b", 3, TWO, Map.of(0, "b", 1, "b")).share()).isEqualTo(2);
    }

    @Test
    void whoLeavesHasNoShareAndItsShardsStillHaveAnOwner() {
        Balance balance = Balance.of("a", 2, Set.of("b"), Map.of(0, "a", 1, "a"));
        assertThat(balance.share()).isZero();
        assertThat(balance.ceiling()).isZero();
        assertThat(balance.unowned()).isZero();
        assertThat(Balance.of("b", 2, Set.of("b"), Map.of(0, "a", 1, "a")).share())
                .isEqualTo(2);
    }

    /** From any spread and with any order of looks, the spread comes to rest with a difference of at most one. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 20})
    void comesToRest(int instances) {
        Random random = new Random(instances);
        for (int schedule = 0; schedule < 200; schedule++) {
            int shards = random.nextInt(1, 33);
            Map<Integer, Integer> owners = new HashMap<>();
            for (int shard = 0; shard < shards; shard++) {
                owners.put(shard, random.nextInt(random.nextInt(1, instances + 1)));
            }
            Set<Integer> all = new TreeSet<>();
            for (int instance = 0; instance < instances; instance++) {
                all.add(instance);
            }
            for (int look = 0; look < 100 * instances; look++) {
                look(random.nextInt(instances), shards, all, owners);
            }
            assertThat(owners).hasSize(shards);
            int most = Collections.max(all, (a, b) -> count(a, owners) - count(b, owners));
            int least = Collections.min(all, (a, b) -> count(a, owners) - count(b, owners));
            assertThat(count(most, owners) - count(least, owners)).isLessThanOrEqualTo(1);
        }
    }

    private static void look(int me, int shards, Set<Integer> all, Map<Integer, Integer> owners) {
        int share = Balance.of(me, shards, all, owners).share();
        for (int shard = 0; shard < shards && count(me, owners) < share; shard++) {
            owners.putIfAbsent(shard, me);
        }
        if (count(me, owners) > share) {
            owners.values().remove(me);
        }
    }

    private static int count(int instance, Map<Integer, Integer> owners) {
        return Collections.frequency(owners.values(), instance);
    }
}
