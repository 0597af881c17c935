package io.myelin.clientsync.sync;

import java.util.BitSet;

/**
 * The shards that could not be brought up to date in time. A client that has a token is told nothing of them yet, and
 * their components of the token stay as they were.
 *
 * @param rooms room shards
 * @param receipts receipt shards
 * @param account whether the user's account shard is among them
 */
record LaggingShards(BitSet rooms, BitSet receipts, boolean account) {
    static LaggingShards nothing() {
        return new LaggingShards(new BitSet(), new BitSet(), false);
    }
}
