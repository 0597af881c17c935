package io.myelin.matrix.state;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map from state keys to events, their IDs or their numbers. A changed copy shares all but a few small arrays
 * with the original, whatever its size. Any thread may read a map.
 *
 * <p>Entries are kept by type and then by state key, since readers ask for all entries of one type.
 */
public final class StateMap<V> {
    private static final StateMap<?> EMPTY = new StateMap<>(null, 0);

    /** The entries of one type. */
    private record OfType<V>(HashTrie<String, V> entries, int size) {}

    /** Receives a key whose values differ in two maps; null for the map that lacks it. */
    @FunctionalInterface
    public interface DifferenceVisitor<V> {
        void visit(StateKey key, @Nullable V here, @Nullable V there);
    }

    /** An entry, for streams. */
    public record Entry<V>(StateKey key, V value) {}

    /** Builds a map at once. For a large map it takes half the time of making as many copies. */
    public static final class Builder<V> {
        private final Map<String, OfType<V>> types = new TreeMap<>();

        /** Puts an entry; it replaces an earlier value of the key. */
        public Builder<V> put(StateKey key, V value) {
            String stateKey = key.stateKey();
            int hash = HashTrie.hash(stateKey);
            OfType<V> old = types.get(key.type());
            if (old == null) {
                types.put(key.type(), new OfType<>(new HashTrie.Leaf<>(hash, stateKey, value), 1));
            } else {
                int added = old.entries().get(hash, 0, stateKey) == null ? 1 : 0;
                types.put(key.type(), new OfType<>(old.entries().with(hash, 0, stateKey, value), old.size() + added));
            }
            return this;
        }

        public StateMap<V> build() {
            StateMap<V> map = empty();
            for (Map.Entry<String, OfType<V>> type : types.entrySet()) {
                map = new StateMap<>(
                        map.withType(type.getKey(), type.getValue()),
                        map.size + type.getValue().size());
            }
            return map;
        }
    }

    private final @Nullable HashTrie<String, OfType<V>> types;
    private final int size;

    private StateMap(@Nullable HashTrie<String, OfType<V>> types, int size) {
        this.types = types;
        this.size = size;
    }

    @SuppressWarnings("unchecked") // it holds nothing of any type
    public static <V> StateMap<V> empty() {
        return (StateMap<V>) EMPTY;
    }

    public static <V> StateMap<V> of(Map<StateKey, ? extends V> entries) {
        Builder<V> map = new Builder<>();
        entries.forEach(map::put);
        return map.build();
    }

    public @Nullable V get(StateKey key) {
        return get(key.type(), key.stateKey());
    }

    public @Nullable V get(String type, String stateKey) {
        OfType<V> ofType = ofType(type);
        return ofType == null ? null : ofType.entries().get(HashTrie.hash(stateKey), 0, stateKey);
    }

    public boolean has(StateKey key) {
        return get(key) != null;
    }

    public StateMap<V> with(StateKey key, V value) {
        return with(key.type(), key.stateKey(), value);
    }

    public StateMap<V> with(String type, String stateKey, V value) {
        OfType<V> old = ofType(type);
        int hash = HashTrie.hash(stateKey);
        boolean added = old == null || old.entries().get(hash, 0, stateKey) == null;
        HashTrie<String, V> entries = old == null
                ? new HashTrie.Leaf<>(hash, stateKey, value)
                : old.entries().with(hash, 0, stateKey, value);
        int sizeOfType = (old == null ? 0 : old.size()) + (added ? 1 : 0);
        return new StateMap<>(withType(type, new OfType<>(entries, sizeOfType)), added ? size + 1 : size);
    }

    public StateMap<V> without(StateKey key) {
        return without(key.type(), key.stateKey());
    }

    public StateMap<V> without(String type, String stateKey) {
        OfType<V> old = ofType(type);
        if (old == null || types == null) {
            return this;
        }
        HashTrie<String, V> entries = old.entries().without(HashTrie.hash(stateKey), 0, stateKey);
        if (entries == old.entries()) {
            return this;
        }
        return entries == null
                ? new StateMap<>(types.without(HashTrie.hash(type), 0, type), size - 1)
                : new StateMap<>(withType(type, new OfType<>(entries, old.size() - 1)), size - 1);
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public int size(String type) {
        OfType<V> ofType = ofType(type);
        return ofType == null ? 0 : ofType.size();
    }

    /** Visits all entries, in no particular order. */
    public void forEach(BiConsumer<StateKey, ? super V> visitor) {
        if (types != null) {
            types.forEach((type, ofType) ->
                    ofType.entries().forEach((stateKey, value) -> visitor.accept(new StateKey(type, stateKey), value)));
        }
    }

    /** Visits the entries of this type by state key, in no particular order. */
    public void forEach(String type, BiConsumer<String, ? super V> visitor) {
        OfType<V> ofType = ofType(type);
        if (ofType != null) {
            ofType.entries().forEach(visitor);
        }
    }

    /** Whether any entry of this type fulfils the condition; stops at the first one that does. */
    public boolean any(String type, BiPredicate<String, ? super V> wanted) {
        OfType<V> ofType = ofType(type);
        return ofType != null && ofType.entries().any(wanted);
    }

    /** All entries, in no particular order. */
    public Stream<Entry<V>> stream() {
        Stream.Builder<Entry<V>> entries = Stream.builder();
        forEach((key, value) -> entries.add(new Entry<>(key, value)));
        return entries.build();
    }

    /** The entries of this type, in no particular order. */
    public Stream<Entry<V>> stream(String type) {
        Stream.Builder<Entry<V>> entries = Stream.builder();
        forEach(type, (stateKey, value) -> entries.add(new Entry<>(new StateKey(type, stateKey), value)));
        return entries.build();
    }

    public Stream<V> values() {
        return stream().map(Entry::value);
    }

    /**
     * Visits the keys whose values differ in this map and the other, in no particular order. Shared parts are skipped, so
     * that for two copies of one map the cost is that of their changes.
     */
    public void differences(StateMap<V> other, DifferenceVisitor<V> visitor) {
        var byType = new TrieDifferences<String, OfType<V>>((type, here, there) -> {
            var byStateKey = new TrieDifferences<String, V>((stateKey, left, right) -> {
                if (!Objects.equals(left, right)) {
                    visitor.visit(new StateKey(type, stateKey), left, right);
                }
            });
            byStateKey.walk(here == null ? null : here.entries(), there == null ? null : there.entries());
        });
        byType.walk(types, other.types);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof StateMap<?> that
                        && size == that.size
                        && stream().allMatch(entry -> Objects.equals(that.get(entry.key()), entry.value())));
    }

    @Override
    public int hashCode() {
        return stream().mapToInt(Entry::hashCode).sum();
    }

    @Override
    public String toString() {
        return stream().toList().toString();
    }

    /** For tests, which check the parts that maps share. */
    @Nullable
    HashTrie<String, V> entriesOfType(String type) {
        OfType<V> ofType = ofType(type);
        return ofType == null ? null : ofType.entries();
    }

    private @Nullable OfType<V> ofType(String type) {
        return types == null ? null : types.get(HashTrie.hash(type), 0, type);
    }

    private HashTrie<String, OfType<V>> withType(String type, OfType<V> ofType) {
        int hash = HashTrie.hash(type);
        return types == null ? new HashTrie.Leaf<>(hash, type, ofType) : types.with(hash, 0, type, ofType);
    }
}
