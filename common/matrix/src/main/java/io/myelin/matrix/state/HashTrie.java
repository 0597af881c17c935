package io.myelin.matrix.state;

import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A persistent hash array mapped trie: each level takes five bits of the hash. A changed copy copies the branches from the
 * root to one leaf, about log32(n) of them, and shares the rest with the original.
 */
sealed interface HashTrie<K, V> {
    int BITS = 5;

    @Nullable
    V get(int hash, int shift, K key);

    HashTrie<K, V> with(int hash, int shift, K key, V value);

    /** The trie without the key; null if nothing is left, and the same trie if it does not have the key. */
    @Nullable
    HashTrie<K, V> without(int hash, int shift, K key);

    void forEach(BiConsumer<? super K, ? super V> visitor);

    /** Whether any entry fulfils the condition. */
    boolean any(BiPredicate<? super K, ? super V> wanted);

    /**
     * The hash of a string in this process. It is not {@link String#hashCode}, since any user chooses state keys: a look-up
     * would visit all strings of equal hash codes, such as those made of {@code Aa} and {@code BB}.
     */
    static int hash(String key) {
        return KeyedHash.OF_THIS_PROCESS.of(key);
    }

    /** The trie as a branch at this level; a trie that is not a branch becomes the only child of a new one. */
    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    static <K, V> Branch<K, V> asBranch(HashTrie<K, V> trie, int shift) {
        return switch (trie) {
            case Branch<K, V> branch -> branch;
            case Leaf<K, V> leaf -> new Branch<>(Branch.bit(leaf.hash(), shift), new HashTrie[] {leaf});
            case Collision<K, V> collision ->
                new Branch<>(Branch.bit(collision.hash(), shift), new HashTrie[] {collision});
        };
    }

    /** One entry. */
    record Leaf<K, V>(int hash, K key, V value) implements HashTrie<K, V> {
        @Override
        public @Nullable V get(int wanted, int shift, K wantedKey) {
            return hash == wanted && key.equals(wantedKey) ? value : null;
        }

        @Override
        public HashTrie<K, V> with(int newHash, int shift, K newKey, V newValue) {
            var added = new Leaf<>(newHash, newKey, newValue);
            if (hash != newHash) {
                return Branch.of(this, hash, added, newHash, shift);
            }
            return key.equals(newKey) ? added : new Collision<>(hash, leaves(this, added));
        }

        @Override
        public @Nullable HashTrie<K, V> without(int wanted, int shift, K wantedKey) {
            return hash == wanted && key.equals(wantedKey) ? null : this;
        }

        @Override
        public void forEach(BiConsumer<? super K, ? super V> visitor) {
            visitor.accept(key, value);
        }

        @Override
        public boolean any(BiPredicate<? super K, ? super V> wanted) {
            return wanted.test(key, value);
        }

        @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
        private static <K, V> Leaf<K, V>[] leaves(Leaf<K, V> a, Leaf<K, V> b) {
            return new Leaf[] {a, b};
        }
    }

    /** Two entries or more whose hashes are equal in all bits. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Collision<K, V>(int hash, Leaf<K, V>[] leaves) implements HashTrie<K, V> {
        @Override
        public @Nullable V get(int wanted, int shift, K key) {
            int index = indexOf(wanted, key);
            return index < 0 ? null : leaves[index].value();
        }

        @Override
        public HashTrie<K, V> with(int newHash, int shift, K key, V value) {
            var added = new Leaf<>(newHash, key, value);
            if (hash != newHash) {
                return Branch.of(this, hash, added, newHash, shift);
            }
            int index = indexOf(newHash, key);
            Leaf<K, V>[] copy = Arrays.copyOf(leaves, index < 0 ? leaves.length + 1 : leaves.length);
            copy[index < 0 ? leaves.length : index] = added;
            return new Collision<>(hash, copy);
        }

        @Override
        public HashTrie<K, V> without(int wanted, int shift, K key) {
            int index = indexOf(wanted, key);
            if (index < 0) {
                return this;
            }
            if (leaves.length == 2) {
                return leaves[1 - index];
            }
            Leaf<K, V>[] copy = Arrays.copyOf(leaves, leaves.length - 1);
            System.arraycopy(leaves, index + 1, copy, index, copy.length - index);
            return new Collision<>(hash, copy);
        }

        @Override
        public void forEach(BiConsumer<? super K, ? super V> visitor) {
            for (Leaf<K, V> leaf : leaves) {
                leaf.forEach(visitor);
            }
        }

        @Override
        public boolean any(BiPredicate<? super K, ? super V> wanted) {
            return Arrays.stream(leaves).anyMatch(leaf -> leaf.any(wanted));
        }

        private int indexOf(int wanted, K key) {
            for (int i = 0; hash == wanted && i < leaves.length; i++) {
                if (leaves[i].key().equals(key)) {
                    return i;
                }
            }
            return -1;
        }
    }

    /** Up to 32 children; a set bit means that the child for these five bits exists. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Branch<K, V>(int bitmap, HashTrie<K, V>[] children) implements HashTrie<K, V> {
        @SuppressWarnings({"unchecked", "rawtypes"}) // arrays of a generic type
        static <K, V> HashTrie<K, V> of(HashTrie<K, V> a, int hashA, HashTrie<K, V> b, int hashB, int shift) {
            int bitA = bit(hashA, shift);
            int bitB = bit(hashB, shift);
            if (bitA == bitB) {
                return new Branch<>(bitA, new HashTrie[] {of(a, hashA, b, hashB, shift + BITS)});
            }
            boolean aFirst = Integer.compareUnsigned(bitA, bitB) < 0;
            return new Branch<>(bitA | bitB, aFirst ? new HashTrie[] {a, b} : new HashTrie[] {b, a});
        }

        @Override
        public @Nullable V get(int hash, int shift, K key) {
            HashTrie<K, V> child = child(bit(hash, shift));
            return child == null ? null : child.get(hash, shift + BITS, key);
        }

        @Nullable
        HashTrie<K, V> child(int bit) {
            return (bitmap & bit) == 0 ? null : children[index(bit)];
        }

        @Override
        public HashTrie<K, V> with(int hash, int shift, K key, V value) {
            int bit = bit(hash, shift);
            int index = index(bit);
            if ((bitmap & bit) != 0) {
                HashTrie<K, V>[] copy = children.clone();
                copy[index] = children[index].with(hash, shift + BITS, key, value);
                return new Branch<>(bitmap, copy);
            }
            HashTrie<K, V>[] copy = Arrays.copyOf(children, children.length + 1);
            System.arraycopy(children, index, copy, index + 1, children.length - index);
            copy[index] = new Leaf<>(hash, key, value);
            return new Branch<>(bitmap | bit, copy);
        }

        @Override
        public @Nullable HashTrie<K, V> without(int hash, int shift, K key) {
            int bit = bit(hash, shift);
            if ((bitmap & bit) == 0) {
                return this;
            }
            int index = index(bit);
            HashTrie<K, V> child = children[index].without(hash, shift + BITS, key);
            if (child == children[index]) {
                return this;
            }
            if (child != null) {
                return replaced(index, child);
            }
            if (children.length == 1) {
                return null;
            }
            if (children.length == 2 && !(children[1 - index] instanceof Branch<K, V>)) {
                return children[1 - index];
            }
            HashTrie<K, V>[] copy = Arrays.copyOf(children, children.length - 1);
            System.arraycopy(children, index + 1, copy, index, copy.length - index);
            return new Branch<>(bitmap & ~bit, copy);
        }

        @Override
        public void forEach(BiConsumer<? super K, ? super V> visitor) {
            for (HashTrie<K, V> child : children) {
                child.forEach(visitor);
            }
        }

        @Override
        public boolean any(BiPredicate<? super K, ? super V> wanted) {
            return Arrays.stream(children).anyMatch(child -> child.any(wanted));
        }

        private HashTrie<K, V> replaced(int index, HashTrie<K, V> child) {
            if (children.length == 1 && !(child instanceof Branch<K, V>)) {
                return child;
            }
            HashTrie<K, V>[] copy = children.clone();
            copy[index] = child;
            return new Branch<>(bitmap, copy);
        }

        private int index(int bit) {
            return Integer.bitCount(bitmap & (bit - 1));
        }

        private static int bit(int hash, int shift) {
            return 1 << ((hash >>> shift) & 31);
        }
    }
}
