package io.myelin.matrix.state;

import org.jspecify.annotations.Nullable;

/**
 * Compares two tries side by side and skips the parts that they share: for two copies of one map the cost is that of their
 * changes, not of their size.
 */
final class TrieDifferences<K, V> {
    /** Receives every key whose values are not the same object; null for a trie without the key. */
    @FunctionalInterface
    interface Visitor<K, V> {
        void visit(K key, @Nullable V left, @Nullable V right);
    }

    private final Visitor<K, V> visitor;

    TrieDifferences(Visitor<K, V> visitor) {
        this.visitor = visitor;
    }

    void walk(@Nullable HashTrie<K, V> left, @Nullable HashTrie<K, V> right) {
        walk(left, right, 0);
    }

    private void walk(@Nullable HashTrie<K, V> left, @Nullable HashTrie<K, V> right, int shift) {
        if (left == right) {
            return;
        }
        if (left == null || right == null) {
            oneSided(left, right);
        } else if (left instanceof HashTrie.Branch<K, V> || right instanceof HashTrie.Branch<K, V>) {
            branches(HashTrie.asBranch(left, shift), HashTrie.asBranch(right, shift), shift);
        } else {
            entries(left, hash(left), right, hash(right));
        }
    }

    private static <K, V> int hash(HashTrie<K, V> trie) {
        return switch (trie) {
            case HashTrie.Leaf<K, V> leaf -> leaf.hash();
            case HashTrie.Collision<K, V> collision -> collision.hash();
            case HashTrie.Branch<K, V> _ -> throw new IllegalStateException("A branch has no hash of its own.");
        };
    }

    private void branches(HashTrie.Branch<K, V> left, HashTrie.Branch<K, V> right, int shift) {
        int children = left.bitmap() | right.bitmap();
        while (children != 0) {
            int bit = Integer.lowestOneBit(children);
            children &= ~bit;
            walk(left.child(bit), right.child(bit), shift + HashTrie.BITS);
        }
    }

    /** Compares two tries that are not branches and have a few entries each, of one hash or of two. */
    private void entries(HashTrie<K, V> left, int leftHash, HashTrie<K, V> right, int rightHash) {
        left.forEach((key, value) -> {
            V other = right.get(leftHash, 0, key);
            if (value != other) {
                visitor.visit(key, value, other);
            }
        });
        right.forEach((key, value) -> {
            if (left.get(rightHash, 0, key) == null) {
                visitor.visit(key, null, value);
            }
        });
    }

    private void oneSided(@Nullable HashTrie<K, V> left, @Nullable HashTrie<K, V> right) {
        if (left != null) {
            left.forEach((key, value) -> visitor.visit(key, value, null));
        }
        if (right != null) {
            right.forEach((key, value) -> visitor.visit(key, null, value));
        }
    }
}
