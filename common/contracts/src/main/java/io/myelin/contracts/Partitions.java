package io.myelin.contracts;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** Computes which shard an entity belongs to; every service uses this method. */
public final class Partitions {

    private Partitions() {}

    /**
     * @param key a room ID, a room alias or a user ID
     * @param count of shards, a power of two
     */
    public static int of(String key, int count) {
        CRC32C checksum = new CRC32C();
        checksum.update(key.getBytes(StandardCharsets.UTF_8));
        long hash = checksum.getValue();
        return (int) ((hash ^ hash >>> 16) & (count - 1));
    }
}
