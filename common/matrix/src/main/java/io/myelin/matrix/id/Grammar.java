package io.myelin.matrix.id;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The common parts of the identifiers' grammars. A check returns null, or the end of a sentence that says what is wrong.
 */
final class Grammar {
    /** Identifiers with a sigil are at most this many bytes of UTF-8, sigil and domain included. */
    static final int MAX_BYTES = 255;

    private static final int SHOWN = 80;

    private Grammar() {}

    static @Nullable String sigilAndLength(String value, char sigil) {
        if (value.isEmpty() || value.charAt(0) != sigil) {
            return "must start with '" + sigil + "'";
        }
        return exceedsMaxBytes(value) ? "must be at most " + MAX_BYTES + " bytes long" : null;
    }

    /** The part between the sigil and the first colon (or the end): any code point but NUL and lone surrogates. */
    static @Nullable String opaque(String value, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = value.charAt(i);
            if (c == 0) {
                return "must not contain U+0000";
            }
            if (Character.isSurrogate(c)) {
                if (Character.isHighSurrogate(c) && i + 1 < to && Character.isLowSurrogate(value.charAt(i + 1))) {
                    i++;
                } else {
                    return "must not contain a lone surrogate";
                }
            }
        }
        return null;
    }

    /** {@code sigil localpart ":" server_name}. */
    static @Nullable String localpartAndServer(String value, char sigil) {
        String problem = sigilAndLength(value, sigil);
        if (problem != null) {
            return problem;
        }
        int colon = value.indexOf(':');
        if (colon < 0) {
            return "must have a server name after a ':'";
        }
        problem = opaque(value, 1, colon);
        return problem != null ? problem : ServerName.problem(value.substring(colon + 1));
    }

    static InvalidIdentifier invalid(String kind, String value, String problem) {
        String shown = value.length() <= SHOWN ? value : value.substring(0, SHOWN) + "…";
        return new InvalidIdentifier("'" + shown + "' is not a valid " + kind + ": it " + problem + ".");
    }

    static boolean isUrlSafeBase64(String value, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = value.charAt(i);
            if (!isAsciiLetterOrDigit(c) && c != '-' && c != '_') {
                return false;
            }
        }
        return true;
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isAsciiLetterOrDigit(char c) {
        return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean exceedsMaxBytes(String value) {
        return value.length() > MAX_BYTES
                || (value.length() * 3 > MAX_BYTES && value.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES);
    }
}
