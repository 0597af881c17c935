package io.myelin.clientsync.sync;

import java.util.BitSet;

/**
 * What could not be brought up to date in time: a client that has a token is told nothing of it yet, and its component
 * of the token stays where it was.
 *
 * @param rooms room shards
 * @param receipts shards of receipts
 * @param account whether the user's account shard is among it
 */
record Behind(BitSet rooms, BitSet receipts, boolean account) {
    static Behind nothing() {
        return new Behind(new BitSet(), new BitSet(), false);
    }
}
