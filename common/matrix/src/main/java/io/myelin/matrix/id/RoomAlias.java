package io.myelin.matrix.id;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code #localpart:server}, at most 255 bytes. Appendices, "Room Aliases". */
public record RoomAlias(String value) implements Comparable<RoomAlias> {
    /**
     * Text from outside as a room alias.
     *
     * @throws InvalidIdentifier if the text does not follow the grammar
     */
    public static RoomAlias parse(String value) {
        String problem = problem(value);
        if (problem != null) {
            throw Grammar.invalid("room alias", value, problem);
        }
        return new RoomAlias(value);
    }

    public static Optional<RoomAlias> tryParse(String value) {
        return problem(value) == null ? Optional.of(new RoomAlias(value)) : Optional.empty();
    }

    /**
     * Composes a room alias.
     *
     * @throws InvalidIdentifier if the two do not make a room alias
     */
    public static RoomAlias of(String localpart, ServerName server) {
        return parse("#" + localpart + ":" + server.value());
    }

    public String localpart() {
        return value.substring(1, value.indexOf(':'));
    }

    public ServerName serverName() {
        return new ServerName(value.substring(value.indexOf(':') + 1));
    }

    @Override
    public int compareTo(RoomAlias other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    private static @Nullable String problem(String value) {
        String problem = Grammar.localpartAndServer(value, '#');
        return problem == null && value.charAt(1) == ':' ? "must have a localpart" : problem;
    }
}
