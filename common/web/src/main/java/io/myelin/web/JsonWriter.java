package io.myelin.web;

import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes a response straight into bytes, in the order of the calls, and splices in JSON that is bytes already. It sets
 * the commas; that names and values alternate is the caller's business. Not for reuse, not for several threads.
 */
public final class JsonWriter {
    private static final int USUAL_RESPONSE = 1024;
    private static final int MAX_DEPTH = 63;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

    /** Takes what has been written so far; may block. */
    @FunctionalInterface
    public interface Sink {
        void take(byte[] bytes, int length);
    }

    private final @Nullable Sink sink;
    private final int flushBytes;
    private byte[] out;
    private int end;
    private int depth;
    /** Bit d: something stands at depth d already. */
    private long filled;

    private boolean afterName;

    public JsonWriter() {
        this(USUAL_RESPONSE);
    }

    public JsonWriter(int expectedBytes) {
        this(expectedBytes, Integer.MAX_VALUE, null);
    }

    /**
     * A writer that keeps no more than a part of the response.
     *
     * @param flushBytes when so much has been written, and a value ends, it goes to the sink
     */
    public JsonWriter(int expectedBytes, int flushBytes, @Nullable Sink sink) {
        this.out = new byte[Math.max(16, expectedBytes)];
        this.flushBytes = flushBytes;
        this.sink = sink;
    }

    public JsonWriter beginObject() {
        return begin('{');
    }

    public JsonWriter endObject() {
        return end('}');
    }

    public JsonWriter beginArray() {
        return begin('[');
    }

    public JsonWriter endArray() {
        return end(']');
    }

    public JsonWriter name(String name) {
        separate();
        string(name);
        put(':');
        afterName = true;
        return this;
    }

    public JsonWriter value(String value) {
        separate();
        string(value);
        return this;
    }

    public JsonWriter value(long value) {
        separate();
        return ascii(Long.toString(value));
    }

    public JsonWriter value(boolean value) {
        separate();
        return bytes(value ? TRUE : FALSE);
    }

    public JsonWriter value(Json value) {
        return raw(CanonicalJson.encode(value));
    }

    /** A value that is JSON text already. */
    public JsonWriter raw(byte[] json) {
        separate();
        return bytes(json);
    }

    /** A value that is a part of {@code json}. */
    public JsonWriter raw(byte[] json, int offset, int length) {
        separate();
        reserve(length);
        System.arraycopy(json, offset, out, end, length);
        end += length;
        return this;
    }

    public JsonWriter field(String name, String value) {
        return name(name).value(value);
    }

    public JsonWriter field(String name, long value) {
        return name(name).value(value);
    }

    public JsonWriter field(String name, boolean value) {
        return name(name).value(value);
    }

    public JsonWriter field(String name, Json value) {
        return name(name).value(value);
    }

    public JsonWriter field(String name, byte[] json) {
        return name(name).raw(json);
    }

    /** The field unless there is no value. */
    public JsonWriter fieldIfPresent(String name, @Nullable String value) {
        return value == null ? this : field(name, value);
    }

    /** How many bytes have been written, and not been taken by a sink. */
    public int size() {
        return end;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(out, end);
    }

    private JsonWriter begin(char bracket) {
        separate();
        put(bracket);
        if (++depth > MAX_DEPTH) {
            throw new IllegalStateException("A response is at most " + MAX_DEPTH + " deep.");
        }
        filled &= ~(1L << depth);
        return this;
    }

    private JsonWriter end(char bracket) {
        depth--;
        put(bracket);
        if (end >= flushBytes && sink != null) {
            sink.take(out, end);
            end = 0;
        }
        return this;
    }

    private void separate() {
        if (afterName) {
            afterName = false;
            return;
        }
        long bit = 1L << depth;
        if ((filled & bit) != 0) {
            put(',');
        }
        filled |= bit;
    }

    private void string(String text) {
        int length = text.length();
        reserve(length + 2);
        out[end++] = '"';
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x80 && c != '"' && c != '\\') {
                reserve(2);
                out[end++] = (byte) c;
            } else if (c < 0x80) {
                escape(c);
            } else {
                int codePoint = text.codePointAt(i);
                if (Character.isSupplementaryCodePoint(codePoint)) {
                    i++;
                }
                encode(Character.isSurrogate(c) && codePoint == c ? 0xFFFD : codePoint);
            }
        }
        put('"');
    }

    private void escape(char c) {
        reserve(6);
        out[end++] = '\\';
        int letter = "\b\t\n\f\r\"\\".indexOf(c);
        if (letter >= 0) {
            out[end++] = (byte) "btnfr\"\\".charAt(letter);
            return;
        }
        out[end++] = 'u';
        out[end++] = '0';
        out[end++] = '0';
        out[end++] = HEX[c >> 4];
        out[end++] = HEX[c & 0xF];
    }

    private void encode(int codePoint) {
        reserve(4);
        if (codePoint < 0x800) {
            out[end++] = (byte) (0xC0 | codePoint >> 6);
        } else if (codePoint < 0x10000) {
            out[end++] = (byte) (0xE0 | codePoint >> 12);
            out[end++] = (byte) (0x80 | codePoint >> 6 & 0x3F);
        } else {
            out[end++] = (byte) (0xF0 | codePoint >> 18);
            out[end++] = (byte) (0x80 | codePoint >> 12 & 0x3F);
            out[end++] = (byte) (0x80 | codePoint >> 6 & 0x3F);
        }
        out[end++] = (byte) (0x80 | codePoint & 0x3F);
    }

    private JsonWriter ascii(String text) {
        reserve(text.length());
        for (int i = 0; i < text.length(); i++) {
            out[end++] = (byte) text.charAt(i);
        }
        return this;
    }

    private JsonWriter bytes(byte[] bytes) {
        reserve(bytes.length);
        System.arraycopy(bytes, 0, out, end, bytes.length);
        end += bytes.length;
        return this;
    }

    private void put(char c) {
        reserve(1);
        out[end++] = (byte) c;
    }

    private void reserve(int bytes) {
        if (out.length - end < bytes) {
            out = Arrays.copyOf(out, Math.max(2 * out.length, end + bytes));
        }
    }
}
