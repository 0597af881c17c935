package io.myelin.matrix.id;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code !opaque:server} up to room version 11, and {@code !} with the hash of the create event, without a server, from
 * version 12 on; at most 255 bytes. Appendices, "Room IDs".
 */
public record RoomId(String value) implements Comparable<RoomId> {
    /**
     * Text from outside as a room ID.
     *
     * @throws InvalidIdentifier if the text follows neither grammar
     */
    public static RoomId parse(String value) {
        String problem = problem(value);
        if (problem != null) {
            throw Grammar.invalid("room ID", value, problem);
        }
        return new RoomId(value);
    }

    public static Optional<RoomId> tryParse(String value) {
        return problem(value) == null ? Optional.of(new RoomId(value)) : Optional.empty();
    }

    /** The room ID that a create event gives its room from version 12 on: the event ID under the other sigil. */
    public static RoomId ofCreateEvent(EventId createEvent) {
        return new RoomId("!" + createEvent.value().substring(1));
    }

    /** Undoes {@link #ofCreateEvent}; empty for IDs with a server name. */
    public Optional<EventId> createEvent() {
        return value.indexOf(':') < 0 ? Optional.of(new EventId("$" + value.substring(1))) : Optional.empty();
    }

    /** The server that made the ID, up to version 11. That server need not be in the room. */
    public Optional<ServerName> serverName() {
        int colon = value.indexOf(':');
        return colon < 0 ? Optional.empty() : Optional.of(new ServerName(value.substring(colon + 1)));
    }

    @Override
    public int compareTo(RoomId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    private static @Nullable String problem(String value) {
        if (value.indexOf(':') >= 0) {
            return Grammar.localpartAndServer(value, '!');
        }
        String problem = Grammar.sigilAndLength(value, '!');
        if (problem != null) {
            return problem;
        }
        return EventId.isHash(value)
                ? null
                : "must have a server name after a ':', or be the " + EventId.HASH_LENGTH
                        + " characters of a create event's hash";
    }
}
