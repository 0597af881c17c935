package io.myelin.matrix.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.myelin.matrix.id.EventId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateMapTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void behavesAsAHashMap(long seed) {
        var random = new Random(seed);
        int keys = 1 << random.nextInt(2, 12);
        Map<StateKey, Integer> model = new HashMap<>();
        StateMap<Integer> map = StateMap.empty();
        for (int i = 0; i < 20_000; i++) {
            StateKey key = key(random, keys);
            // The map grows in some phases and shrinks in others, down to empty.
            if (random.nextInt(10) < (i / 2_000 % 2 == 0 ? 7 : 1)) {
                map = map.with(key, i);
                model.put(key, i);
            } else {
                map = map.without(key);
                model.remove(key);
            }
            assertThat(map.get(key)).isEqualTo(model.get(key));
            assertThat(map.size()).isEqualTo(model.size());
            if (i % 500 == 0) {
                assertSame(map, model);
            }
        }
        for (StateKey key : model.keySet().toArray(StateKey[]::new)) {
            map = map.without(key);
        }
        assertThat(map).isEqualTo(StateMap.empty());
        assertThat(map.isEmpty()).isTrue();
    }

    @Test
    void knowsWhetherAnyEntryOfATypeIsLikeThat() {
        StateMap<Integer> map = StateMap.empty();
        for (int i = 0; i < 3_000; i++) {
            map = map.with("m.room.member", "@user" + i + ":example.org", i);
        }
        // two keys of equal hash codes
        map = map.with("m.room.member", "Aa", -1).with("m.room.member", "BB", -2);
        assertThat(map.any("m.room.member", (user, value) -> user.equals("@user2999:example.org") && value == 2_999))
                .isTrue();
        assertThat(map.any("m.room.member", (_, value) -> value == -2)).isTrue();
        assertThat(map.any("m.room.member", (_, value) -> value == 3_000)).isFalse();
        assertThat(map.any("m.room.name", (_, _) -> true)).isFalse();
    }

    @Test
    void earlierMapsStayAsTheyWere() {
        StateMap<Integer> before = StateMap.<Integer>empty().with("a", "", 1).with("b", "x", 2);
        StateMap<Integer> after = before.with("a", "", 3).without("b", "x").with("c", "", 4);
        assertThat(before).isEqualTo(StateMap.of(Map.of(new StateKey("a", ""), 1, new StateKey("b", "x"), 2)));
        assertThat(after).isEqualTo(StateMap.of(Map.of(new StateKey("a", ""), 3, new StateKey("c", ""), 4)));
    }

    /** Strings made of "Aa" and "BB" have one hash code: a look-up among 4,096 of them visited all. */
    @Test
    void keysOfOneHashCodeDoNotMeet() {
        StateMap<Integer> map = StateMap.empty();
        for (int number = 0; number < 4_096; number++) {
            map = map.with("m.room.member", colliding(number, 12), number);
        }
        assertThat(longestCollision(members(map))).isLessThan(4);
        assertThat(map.get("m.room.member", colliding(77, 12))).isEqualTo(77);
    }

    @Test
    void keysOfOneHashAreKeptApart() {
        HashTrie<String, Integer> one = new HashTrie.Leaf<>(5, "a", 1);
        one = one.with(5, 0, "b", 2).with(5, 0, "c", 3).with(37, 0, "d", 4);
        HashTrie<String, Integer> other = one.with(5, 0, "b", 5);
        assertThat(longestCollision(one)).isEqualTo(3);
        assertThat(one.get(5, 0, "c")).isEqualTo(3);
        assertThat(one.get(5, 0, "d")).isNull();
        Map<String, List<Integer>> found = new HashMap<>();
        new TrieDifferences<String, Integer>((key, here, there) -> found.put(key, Arrays.asList(here, there)))
                .walk(one, other);
        assertThat(found).containsExactly(Map.entry("b", List.of(2, 5)));
        HashTrie<String, Integer> less = Objects.requireNonNull(other.without(5, 0, "a"));
        assertThat(less.get(5, 0, "b")).isEqualTo(5);
        assertThat(longestCollision(Objects.requireNonNull(less.without(5, 0, "c"))))
                .isZero();
    }

    private static int longestCollision(HashTrie<String, ?> trie) {
        return switch (trie) {
            case HashTrie.Leaf<String, ?> _ -> 0;
            case HashTrie.Collision<String, ?> collision -> collision.leaves().length;
            case HashTrie.Branch<String, ?> branch ->
                Arrays.stream(branch.children())
                        .mapToInt(StateMapTest::longestCollision)
                        .max()
                        .orElse(0);
        };
    }

    private static String colliding(int number, int length) {
        var colliding = new StringBuilder();
        for (int bit = 0; bit < length; bit++) {
            colliding.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return colliding.toString();
    }

    @Test
    void isItselfWithoutWhatIsNotThere() {
        StateMap<Integer> map = StateMap.<Integer>empty().with("a", "Aa", 1);
        assertThat(map.without("a", "BB")).isSameAs(map);
        assertThat(map.without("b", "Aa")).isSameAs(map);
    }

    @Test
    void answersForOneType() {
        StateMap<Integer> map = StateMap.<Integer>empty()
                .with("m.room.member", "@a:x", 1)
                .with("m.room.member", "@b:x", 2)
                .with("m.room.name", "", 3);
        assertThat(map.stream("m.room.member"))
                .extracting(StateMap.Entry::value)
                .containsExactlyInAnyOrder(1, 2);
        assertThat(map.size("m.room.member")).isEqualTo(2);
        assertThat(map.size("m.room.topic")).isZero();
        assertThat(map.stream("m.room.topic")).isEmpty();
        assertThat(map.values()).containsExactlyInAnyOrder(1, 2, 3);
    }

    @Test
    void changedCopyOfLargeMapSharesAlmostAll() {
        StateMap<Integer> map = StateMap.empty();
        for (int i = 0; i < 100_000; i++) {
            map = map.with("m.room.member", "@user" + i + ":example.org", i);
        }
        StateMap<Integer> changed = map.with("m.room.member", "@user77:example.org", -1);
        assertThat(changed.size()).isEqualTo(100_000);
        assertThat(newNodes(members(map), members(changed))).isLessThan(10);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void findsTheDifferencesOfTwoMaps(long seed) {
        var random = new Random(seed);
        int keys = 1 << random.nextInt(2, 12);
        StateMap<Integer> common = changed(StateMap.empty(), keys, random);
        for (int i = 0; i < 100; i++) {
            StateMap<Integer> left = random.nextInt(10) == 0 ? StateMap.empty() : changed(common, keys / 4, random);
            StateMap<Integer> right = changed(random.nextBoolean() ? common : StateMap.empty(), keys / 4, random);
            Map<StateKey, List<Integer>> found = new HashMap<>();
            left.differences(right, (key, here, there) -> {
                assertThat(found.put(key, Arrays.asList(here, there))).isNull();
            });
            Map<StateKey, List<Integer>> expected = new HashMap<>();
            Stream.concat(left.stream(), right.stream())
                    .map(StateMap.Entry::key)
                    .forEach(key -> {
                        if (!Objects.equals(left.get(key), right.get(key))) {
                            expected.put(key, Arrays.asList(left.get(key), right.get(key)));
                        }
                    });
            assertThat(found).isEqualTo(expected);
        }
    }

    @Test
    void equalValuesAreNoDifference() {
        StateMap<EventId> one = StateMap.<EventId>empty().with("a", "x", new EventId("$same"));
        StateMap<EventId> other = StateMap.<EventId>empty().with("a", "x", new EventId("$same"));
        one.differences(other, (key, _, _) -> fail("There is a difference at %s.", key));
    }

    private static StateMap<Integer> changed(StateMap<Integer> map, int changes, Random random) {
        StateMap<Integer> changed = map;
        for (int i = random.nextInt(changes + 1); i > 0; i--) {
            StateKey key = key(random, Math.max(4, changes));
            changed = random.nextInt(3) == 0 ? changed.without(key) : changed.with(key, random.nextInt(1_000));
        }
        return changed;
    }

    private static void assertSame(StateMap<Integer> map, Map<StateKey, Integer> model) {
        Map<StateKey, Integer> entries =
                map.stream().collect(Collectors.toMap(StateMap.Entry::key, StateMap.Entry::value));
        assertThat(entries).isEqualTo(model);
        assertThat(map).isEqualTo(StateMap.of(model)).hasSameHashCodeAs(StateMap.of(model));
        assertThat(map.stream("t1").map(StateMap.Entry::key))
                .containsExactlyInAnyOrderElementsOf(model.keySet().stream()
                        .filter(key -> key.type().equals("t1"))
                        .toList());
    }

    /** State keys in which many strings have one hash: "Aa" and "BB" do, and so do all strings made of them. */
    private static StateKey key(Random random, int keys) {
        int number = random.nextInt(keys);
        if (random.nextBoolean()) {
            return new StateKey("t" + number % 3, "@user" + number + ":example.org");
        }
        return new StateKey("t" + number % 3, colliding(number, 5));
    }

    private static HashTrie<String, ?> members(StateMap<Integer> map) {
        return java.util.Objects.requireNonNull(map.entriesOfType("m.room.member"));
    }

    private static int newNodes(HashTrie<String, ?> before, HashTrie<String, ?> after) {
        if (before == after) {
            return 0;
        }
        int count = 1;
        if (before instanceof HashTrie.Branch<String, ?> old && after instanceof HashTrie.Branch<String, ?> changed) {
            for (int i = 0; i < changed.children().length; i++) {
                count += newNodes(old.children()[i], changed.children()[i]);
            }
        }
        return count;
    }
}
