package io.myelin.engine.shard;

import java.nio.ByteBuffer;

/** The 16 bytes that name a client's transaction, as a value that can be compared. */
public record TransactionKey(long high, long low) {

    public static TransactionKey of(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new TransactionKey(buffer.getLong(), buffer.getLong());
    }

    public byte[] bytes() {
        return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    }
}
