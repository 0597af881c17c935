package io.myelin.matrix.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing JSON text in UTF-8. Strings are written in the shortest form, which canonical JSON demands and any JSON
 * permits. Not safe for use by several threads.
 */
public final class JsonText {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    private byte[] out;
    private int end;

    public JsonText(int expectedBytes) {
        out = new byte[Math.max(16, expectedBytes)];
    }

    /**
     * A string between quotes.
     *
     * @throws IllegalArgumentException if it has a lone surrogate, which UTF-8 cannot encode. Replacing it would change
     *     signed JSON; {@link JsonParser} accepts no such string
     */
    public void string(String text) {
        int length = text.length();
        reserve(length + 2);
        out[end++] = '"';
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x80 && c != '"' && c != '\\') {
                out[end++] = (byte) c;
            } else {
                // The longest form of one code unit is six bytes; the rest and the quote need at least one each.
                reserve(6 + length - i);
                if (c < 0x80) {
                    escape(c);
                } else if (Character.isHighSurrogate(c)
                        && i + 1 < length
                        && Character.isLowSurrogate(text.charAt(i + 1))) {
                    supplementary(Character.toCodePoint(c, text.charAt(++i)));
                } else {
                    basic(c);
                }
            }
        }
        out[end++] = '"';
    }

    private void escape(char c) {
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

    private void basic(char c) {
        if (Character.isSurrogate(c)) {
            throw new IllegalArgumentException("A string with a lone surrogate has no UTF-8.");
        }
        if (c < 0x800) {
            out[end++] = (byte) (0xC0 | (c >> 6));
        } else {
            out[end++] = (byte) (0xE0 | (c >> 12));
            out[end++] = (byte) (0x80 | ((c >> 6) & 0x3F));
        }
        out[end++] = (byte) (0x80 | (c & 0x3F));
    }

    private void supplementary(int codePoint) {
        out[end++] = (byte) (0xF0 | (codePoint >> 18));
        out[end++] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
        out[end++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
        out[end++] = (byte) (0x80 | (codePoint & 0x3F));
    }

    public void number(long number) {
        ascii(Long.toString(number));
    }

    public void bool(boolean value) {
        bytes(value ? TRUE : FALSE);
    }

    void nothing() {
        bytes(NULL);
    }

    /** Adds text that is ASCII and JSON already. */
    void ascii(String text) {
        reserve(text.length());
        for (int i = 0; i < text.length(); i++) {
            out[end++] = (byte) text.charAt(i);
        }
    }

    /** Adds bytes that are JSON already. */
    public void bytes(byte[] json) {
        bytes(json, 0, json.length);
    }

    /** Adds a part of bytes that are JSON already. */
    public void bytes(byte[] json, int offset, int length) {
        reserve(length);
        System.arraycopy(json, offset, out, end, length);
        end += length;
    }

    /** A bracket, a comma, or a colon. */
    public void put(char c) {
        reserve(1);
        out[end++] = (byte) c;
    }

    private void reserve(int bytes) {
        if (out.length - end < bytes) {
            out = Arrays.copyOf(out, Math.max(2 * out.length, end + bytes));
        }
    }

    public int size() {
        return end;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(out, end);
    }

    /** The internal array, whose first {@link #size} bytes are the text; further additions may overwrite it. */
    public byte[] array() {
        return out;
    }

    public void clear() {
        end = 0;
    }

    @Override
    public String toString() {
        return new String(out, 0, end, StandardCharsets.UTF_8);
    }
}
