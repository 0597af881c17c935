package io.myelin.web.session;

import java.nio.ByteBuffer;

/** The 32 bytes of a token's hash, as a value that can be compared. */
record TokenHash(long a, long b, long c, long d) {

    static TokenHash of(byte[] hash) {
        ByteBuffer buffer = ByteBuffer.wrap(hash);
        return new TokenHash(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
    }
}
