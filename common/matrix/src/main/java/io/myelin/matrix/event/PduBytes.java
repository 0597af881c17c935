package io.myelin.matrix.event;

import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonString;
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

    /** The value of this member of an object inside of an event; null if there is none, or this is no object. */
    public static @Nullable ByteSlice find(ByteSlice object, String member) {
        return object.array()[object.offset()] == '{'
                ? find(object.array(), object.offset(), member.getBytes(StandardCharsets.UTF_8))
                : null;
    }

    /** The text of a value that {@link #find} has found; null if it is no string. */
    public static @Nullable String text(@Nullable ByteSlice value) {
        if (value == null || value.array()[value.offset()] != '"') {
            return null;
        }
        String text = new String(value.array(), value.offset() + 1, value.length() - 2, StandardCharsets.UTF_8);
        return text.indexOf('\\') < 0
                ? text
                : JsonParser.parse(value.toByteArray()) instanceof JsonString(String unescaped) ? unescaped : null;
    }

    /** Takes the places of a member: of its name without quotes, and of its value. */
    @FunctionalInterface
    interface MemberVisitor {
        void member(int name, int nameEnd, int value, int valueEnd);
    }

    static void forEachMember(byte[] body, MemberVisitor visitor) {
        int at = 1;
        while (at < body.length && body[at] == '"') {
            int nameEnd = endOfString(body, at);
            int valueEnd = endOfValue(body, nameEnd + 1);
            visitor.member(at + 1, nameEnd - 1, nameEnd + 1, valueEnd);
            at = valueEnd + 1;
        }
    }

    private static @Nullable ByteSlice find(byte[] body, byte[] member) {
        return find(body, 0, member);
    }

    /** @param start where the object begins */
    private static @Nullable ByteSlice find(byte[] body, int start, byte[] member) {
        int at = start + 1;
        while (at < body.length && body[at] == '"') {
            int nameEnd = endOfString(body, at);
            int valueEnd = endOfValue(body, nameEnd + 1);
            if (Arrays.equals(body, at + 1, nameEnd - 1, member, 0, member.length)) {
                return new ByteSlice(body, nameEnd + 1, valueEnd - nameEnd - 1);
            }
            if (body[valueEnd] == '}') { // What follows is outside of the object.
                return null;
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
