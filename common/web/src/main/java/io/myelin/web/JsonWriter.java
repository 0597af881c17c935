package io.myelin.web;

import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonText;
import org.jspecify.annotations.Nullable;

/**
 * Writes a response straight into bytes, in the order of the calls, and splices in JSON that is bytes already. It sets
 * the commas; the caller makes names and values alternate. A string with a lone surrogate is refused with {@link
 * IllegalArgumentException}. Not reusable, not thread-safe.
 */
public final class JsonWriter {
    private static final int USUAL_RESPONSE = 1024;
    private static final int MAX_DEPTH = 63;

    /** Takes what has been written so far; may block. */
    @FunctionalInterface
    public interface Sink {
        void take(byte[] bytes, int length);
    }

    private final @Nullable Sink sink;
    private final int flushBytes;
    private final JsonText out;
    private int depth;
    /** Bit d is set if depth d has a value already. */
    private long filled;

    private boolean afterName;

    public JsonWriter() {
        this(USUAL_RESPONSE);
    }

    public JsonWriter(int expectedBytes) {
        this(expectedBytes, Integer.MAX_VALUE, null);
    }

    /**
     * A writer that keeps only a part of the response in memory.
     *
     * @param flushBytes once this much has been written and a value ends, it goes to the sink
     */
    public JsonWriter(int expectedBytes, int flushBytes, @Nullable Sink sink) {
        this.out = new JsonText(expectedBytes);
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
        out.string(name);
        out.put(':');
        afterName = true;
        return this;
    }

    public JsonWriter value(String value) {
        separate();
        out.string(value);
        return this;
    }

    public JsonWriter value(long value) {
        separate();
        out.number(value);
        return this;
    }

    public JsonWriter value(boolean value) {
        separate();
        out.bool(value);
        return this;
    }

    public JsonWriter value(Json value) {
        return raw(CanonicalJson.encode(value));
    }

    /** A value that is JSON text already. */
    public JsonWriter raw(byte[] json) {
        return raw(json, 0, json.length);
    }

    /** A value that is a part of {@code json}. */
    public JsonWriter raw(byte[] json, int offset, int length) {
        separate();
        out.bytes(json, offset, length);
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

    /** Writes the field if there is a value. */
    public JsonWriter fieldIfPresent(String name, @Nullable String value) {
        return value == null ? this : field(name, value);
    }

    /** How many bytes have been written and not passed to the sink. */
    public int size() {
        return out.size();
    }

    public byte[] toBytes() {
        return out.toBytes();
    }

    private JsonWriter begin(char bracket) {
        separate();
        out.put(bracket);
        if (++depth > MAX_DEPTH) {
            throw new IllegalStateException("A response is at most " + MAX_DEPTH + " deep.");
        }
        filled &= ~(1L << depth);
        return this;
    }

    private JsonWriter end(char bracket) {
        depth--;
        out.put(bracket);
        if (out.size() >= flushBytes && sink != null) {
            sink.take(out.array(), out.size());
            out.clear();
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
            out.put(',');
        }
        filled |= bit;
    }
}
