package io.myelin.matrix.id;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code @localpart:server}, at most 255 bytes. {@link #parse} takes historical user IDs too, whose localpart may be
 * anything without ':' and NUL, even empty; {@link #isValidLocalpart} says which localparts new users may have. Appendices,
 * "User Identifiers".
 */
public record UserId(String value) implements Comparable<UserId> {
    /**
     * Text from outside as a user ID.
     *
     * @throws InvalidIdentifier if the text does not follow the historical grammar
     */
    public static UserId parse(String value) {
        String problem = problem(value);
        if (problem != null) {
            throw Grammar.invalid("user ID", value, problem);
        }
        return new UserId(value);
    }

    public static Optional<UserId> tryParse(String value) {
        return problem(value) == null ? Optional.of(new UserId(value)) : Optional.empty();
    }

    /**
     * Composes a user ID.
     *
     * @throws InvalidIdentifier if the two do not make a user ID, historical localparts allowed
     */
    public static UserId of(String localpart, ServerName server) {
        return parse("@" + localpart + ":" + server.value());
    }

    /** Whether a new user may register under this localpart: not empty, and of {@code a-z 0-9 . _ = - / +} only. */
    public static boolean isValidLocalpart(String localpart) {
        for (int i = 0; i < localpart.length(); i++) {
            char c = localpart.charAt(i);
            if (!(Grammar.isDigit(c) || (c >= 'a' && c <= 'z') || "._=-/+".indexOf(c) >= 0)) {
                return false;
            }
        }
        return !localpart.isEmpty();
    }

    public String localpart() {
        return value.substring(1, value.indexOf(':'));
    }

    public ServerName serverName() {
        return new ServerName(value.substring(value.indexOf(':') + 1));
    }

    /** Whether the user belongs to this server; false if the text is no user ID. Allocates nothing. */
    public boolean isOn(ServerName server) {
        int colon = value.indexOf(':');
        return colon > 0
                && value.charAt(0) == '@'
                && value.length() - colon - 1 == server.value().length()
                && value.startsWith(server.value(), colon + 1);
    }

    @Override
    public int compareTo(UserId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    private static @Nullable String problem(String value) {
        return Grammar.localpartAndServer(value, '@');
    }
}
