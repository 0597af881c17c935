package io.myelin.matrix.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Matrix's canonical JSON: the shortest UTF-8, names sorted by code point, integers only. Not RFC 8785. A {@link
 * JsonDecimal} has no canonical form and is written as its text, which {@link HistoricalNumbers} makes the one to hash.
 * Appendices, "Canonical JSON".
 */
public final class CanonicalJson {
    private static final int USUAL_EVENT = 1024;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    private byte[] out = new byte[USUAL_EVENT];
    private int end;

    private CanonicalJson() {}

    public static byte[] encode(Json value) {
        var writer = new CanonicalJson();
        writer.value(value);
        return Arrays.copyOf(writer.out, writer.end);
    }

    public static String encodeToString(Json value) {
        var writer = new CanonicalJson();
        writer.value(value);
        return new String(writer.out, 0, writer.end, StandardCharsets.UTF_8);
    }

    private void value(Json value) {
        switch (value) {
            case JsonObject object -> object(object);
            case JsonArray array -> array(array);
            case JsonString(String text) -> string(text);
            case JsonNumber(long number) -> ascii(Long.toString(number));
            case JsonDecimal(String text) -> ascii(text);
            case JsonBoolean bool -> literal(bool.value() ? TRUE : FALSE);
            case JsonNull _ -> literal(NULL);
        }
    }

    private void object(JsonObject object) {
        put('{');
        for (int i = 0; i < object.size(); i++) {
            if (i > 0) {
                put(',');
            }
            string(object.nameAt(i));
            put(':');
            value(object.valueAt(i));
        }
        put('}');
    }

    private void array(JsonArray array) {
        put('[');
        for (int i = 0; i < array.size(); i++) {
            if (i > 0) {
                put(',');
            }
            value(array.get(i));
        }
        put(']');
    }

    private void string(String text) {
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

    private void ascii(String text) {
        reserve(text.length());
        for (int i = 0; i < text.length(); i++) {
            out[end++] = (byte) text.charAt(i);
        }
    }

    private void literal(byte[] bytes) {
        reserve(bytes.length);
        System.arraycopy(bytes, 0, out, end, bytes.length);
        end += bytes.length;
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
