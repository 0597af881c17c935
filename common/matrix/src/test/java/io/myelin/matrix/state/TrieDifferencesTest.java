package io.myelin.matrix.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TrieDifferencesTest {
    private static final int ENTRIES = 10_000;

    private final AtomicInteger looks = new AtomicInteger();

    /** A key that counts how often it is looked at. */
    private static final class CountingKey {
        private final int number;
        private final AtomicInteger looks;

        private CountingKey(int number, AtomicInteger looks) {
            this.number = number;
            this.looks = looks;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            looks.incrementAndGet();
            return other instanceof CountingKey that && number == that.number;
        }

        @Override
        public int hashCode() {
            looks.incrementAndGet();
            return Integer.hashCode(number);
        }
    }

    @Test
    void passesOverWhatTwoTriesShare() {
        HashTrie<CountingKey, String> before = leaf(0, "before");
        for (int i = 1; i < ENTRIES; i++) {
            before = with(before, i, "before");
        }
        HashTrie<CountingKey, String> after = before;
        for (int i = 0; i < 10; i++) {
            after = with(after, i * 100, "after");
        }
        looks.set(0);
        List<Integer> found = new ArrayList<>();
        new TrieDifferences<CountingKey, String>((key, _, _) -> found.add(key.number)).walk(before, after);
        assertThat(found).containsExactlyInAnyOrder(0, 100, 200, 300, 400, 500, 600, 700, 800, 900);
        assertThat(looks.get()).isLessThan(500);
    }

    @Test
    void onlyOneSideHasWhatTheOtherLacks() {
        List<String> found = new ArrayList<>();
        var differences = new TrieDifferences<CountingKey, String>(
                (key, left, right) -> found.add(key.number + " " + left + " " + right));
        differences.walk(leaf(1, "one"), null);
        differences.walk(null, leaf(2, "two"));
        differences.walk(leaf(3, "three"), leaf(4, "four"));
        differences.walk(null, null);
        assertThat(found).containsExactlyInAnyOrder("1 one null", "2 null two", "3 three null", "4 null four");
    }

    private HashTrie<CountingKey, String> leaf(int number, String value) {
        var key = new CountingKey(number, looks);
        return new HashTrie.Leaf<>(hash(key), key, value);
    }

    private HashTrie<CountingKey, String> with(HashTrie<CountingKey, String> trie, int number, String value) {
        var key = new CountingKey(number, looks);
        return Objects.requireNonNull(trie.with(hash(key), 0, key, value));
    }

    private static int hash(CountingKey key) {
        int hash = key.hashCode() * 0x9E3779B9;
        return hash ^ (hash >>> 16);
    }
}
