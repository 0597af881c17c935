package io.myelin.bench;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Finds the parts of a /sync response that a measurement needs in its bytes, without parsing them. */
final class SyncBody {

    private static final byte[] NEXT_BATCH = "\"next_batch\"".getBytes(StandardCharsets.US_ASCII);

    private final byte[] bytes;

    SyncBody(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * The token for the next request; null if there is none. User content cannot be mistaken for it: a quotation mark in a
     * JSON string is escaped. Outside of an event's content no other member of a response has this name and a string as its
     * value, and the measurement sends no such content.
     */
    @Nullable
    String nextBatch() {
        var key = indexOf(NEXT_BATCH, 0);
        if (key < 0) {
            return null;
        }
        var start = indexOf((byte) '"', key + NEXT_BATCH.length);
        var end = indexOf((byte) '"', start + 1);
        return start < 0 || end < 0 ? null : new String(bytes, start + 1, end - start - 1, StandardCharsets.UTF_8);
    }

    /** Reports the number that follows each occurrence of {@code marker}, up to the next semicolon. */
    void eachNumberAfter(byte[] marker, NumberConsumer consumer) {
        for (var at = indexOf(marker, 0); at >= 0; at = indexOf(marker, at + marker.length)) {
            var number = 0;
            for (var i = at + marker.length; i < bytes.length && bytes[i] != ';'; i++) {
                number = number * 10 + bytes[i] - '0';
            }
            consumer.accept(number);
        }
    }

    /** Takes a number. */
    interface NumberConsumer {
        void accept(int number);
    }

    private int indexOf(byte wanted, int from) {
        for (var i = from; i < bytes.length; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private int indexOf(byte[] wanted, int from) {
        outer:
        for (var i = from; i <= bytes.length - wanted.length; i++) {
            for (var j = 0; j < wanted.length; j++) {
                if (bytes[i + j] != wanted[j]) {
                    continue outer;
                }
            }
            return i;
        }
        return -1;
    }
}
