package io.myelin.matrix.id;

import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The name of a homeserver: a DNS name, an IPv4 address or an IPv6 address in brackets, and optionally a port.
 * Compared case-sensitively. Appendices, "Server Name".
 */
public record ServerName(String value) implements Comparable<ServerName> {
    private static final int MAX_HOST = 255;
    private static final int MAX_PORT_DIGITS = 5;

    /**
     * Text from outside as a server name.
     *
     * @throws InvalidIdentifier if the text does not follow the grammar
     */
    public static ServerName parse(String value) {
        String problem = problem(value);
        if (problem != null) {
            throw Grammar.invalid("server name", value, problem);
        }
        return new ServerName(value);
    }

    public static Optional<ServerName> tryParse(String value) {
        return problem(value) == null ? Optional.of(new ServerName(value)) : Optional.empty();
    }

    /** The name without its port; an IPv6 address keeps its brackets. */
    public String host() {
        int end = hostEnd(value);
        return end < 0 ? value : value.substring(0, end);
    }

    public OptionalInt port() {
        int end = hostEnd(value);
        return end < 0 || end == value.length()
                ? OptionalInt.empty()
                : OptionalInt.of(Integer.parseInt(value.substring(end + 1)));
    }

    @Override
    public int compareTo(ServerName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    static @Nullable String problem(String value) {
        int end = hostEnd(value);
        if (end < 0) {
            return "must close the bracket of its IPv6 address";
        }
        if (value.startsWith("[")) {
            if (end - 2 < 2 || end - 2 > 45) {
                return "must have an IPv6 address of 2 to 45 characters in brackets";
            }
            for (int i = 1; i < end - 1; i++) {
                char c = value.charAt(i);
                boolean isHexDigit = c <= 'f' && Character.digit(c, 16) >= 0;
                if (!isHexDigit && c != ':' && c != '.') {
                    return "must have only hexadecimal digits, ':' and '.' in its IPv6 address";
                }
            }
        } else {
            if (end == 0 || end > MAX_HOST) {
                return "must have a host name of 1 to " + MAX_HOST + " characters";
            }
            for (int i = 0; i < end; i++) {
                char c = value.charAt(i);
                if (!Grammar.isAsciiLetterOrDigit(c) && c != '-' && c != '.') {
                    return "must have only letters, digits, '-' and '.' in its host name";
                }
            }
        }
        return end == value.length() ? null : portProblem(value, end);
    }

    private static @Nullable String portProblem(String value, int colon) {
        int digits = value.length() - colon - 1;
        boolean wellFormed = value.charAt(colon) == ':' && digits >= 1 && digits <= MAX_PORT_DIGITS;
        for (int i = colon + 1; wellFormed && i < value.length(); i++) {
            wellFormed = Grammar.isDigit(value.charAt(i));
        }
        return wellFormed ? null : "must have a port of 1 to " + MAX_PORT_DIGITS + " digits after its host";
    }

    private static int hostEnd(String value) {
        if (value.startsWith("[")) {
            int bracket = value.indexOf(']');
            return bracket < 0 ? -1 : bracket + 1;
        }
        int colon = value.indexOf(':');
        return colon < 0 ? value.length() : colon;
    }
}
