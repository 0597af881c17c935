package io.myelin.matrix.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the parts of an event in its stored bytes without parsing them, so that a reader can splice them into a response.
 * The bytes must be an object in canonical JSON, as {@link Pdu#bytes} are: valid, and without white space.
 */
public final class PduBytes {
    private static final byte[] CONTENT = "content".getBytes(StandardCharsets.US_ASCII);

    private PduBytes() {}

    /** A copy of the {@code content} in this event. */
    public static byte[] content(byte[] body) {
        return contentSlice(body).toByteArray();
    }

    /** The {@code content} in this event, without a copy. */
    public static ByteSlice contentSlice(byte[] body) {
        ByteSlice content = find(body, CONTENT);
        if (content == null) {
            throw new IllegalArgumentException("These are not the bytes of an event: there is no content.");
        }
        return content;
    }

    /** The value of this member of the event, strings with their quotes; null if there is none. */
    public static @Nullable ByteSlice find(byte[] body, String member) {
        return find(body, member.getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable ByteSlice find(byte[] body, byte[] member) {
        int at = 1;
        while (at < body.length && body[at] == '"') {
            int nameEnd = endOfString(body, at);
            int valueEnd = endOfValue(body, nameEnd + 1);
            if (Arrays.equals(body, at + 1, nameEnd - 1, member, 0, member.length)) {
                return new ByteSlice(body, nameEnd + 1, valueEnd - nameEnd - 1);
            }
            at = valueEnd + 1;
        }
        return null;
    }

    /** The index after the closing quote of the string that starts here. */
    private static int endOfString(byte[] body, int quote) {
        int at = quote + 1;
        while (body[at] != '"') {
            at += body[at] == '\\' ? 2 : 1;
        }
        return at + 1;
    }

    private static int endOfValue(byte[] body, int start) {
        int open = 0;
        int at = start;
        while (true) {
            switch (body[at]) {
                case '"' -> at = endOfString(body, at) - 1;
                case '{', '[' -> open++;
                case '}', ']' -> open--;
                default -> {
                    // inside of a number or literal, or between members
                }
            }
            at++;
            if (open == 0 && (body[at] == ',' || body[at] == '}')) {
                return at;
            }
        }
    }
}
