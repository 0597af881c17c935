package io.myelin.matrix.id;

import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code $opaque:server} in room versions 1 and 2, and the event's reference hash after the {@code $} from version 3 on, in
 * unpadded base64 that is URL-safe from version 4 on; at most 255 bytes. Appendices, "Event IDs"; room versions, "Event IDs".
 */
public record EventId(String value) implements Comparable<EventId> {
    static final int HASH_LENGTH = 43;

    private static final int CHOSEN_BYTES = 24;
    private static final Base64.Encoder STANDARD = Base64.getEncoder().withoutPadding();
    private static final Base64.Encoder URL_SAFE = Base64.getUrlEncoder().withoutPadding();

    /**
     * Text from outside as an event ID.
     *
     * @throws InvalidIdentifier if the text is not an event ID of any room version
     */
    public static EventId parse(String value) {
        String problem = problem(value);
        if (problem != null) {
            throw Grammar.invalid("event ID", value, problem);
        }
        return new EventId(value);
    }

    public static Optional<EventId> tryParse(String value) {
        return problem(value) == null ? Optional.of(new EventId(value)) : Optional.empty();
    }

    /**
     * The ID that a server chooses for its event of room version 1 or 2. It is made from the event's hash, so that no ID is
     * used twice.
     */
    public static EventId chosenBy(ServerName server, byte[] sha256) {
        byte[] enough = Arrays.copyOf(sha256, CHOSEN_BYTES);
        return new EventId("$" + URL_SAFE.encodeToString(enough) + ":" + server.value());
    }

    /** The ID of the event with this reference hash in room version 3; may contain {@code /} and {@code +}. */
    public static EventId ofReferenceHashInVersion3(byte[] sha256) {
        return new EventId("$" + STANDARD.encodeToString(sha256));
    }

    /** The ID of the event with this reference hash, from room version 4 on. */
    public static EventId ofReferenceHash(byte[] sha256) {
        return new EventId("$" + URL_SAFE.encodeToString(sha256));
    }

    /** The server that chose the ID, in room versions 1 and 2; empty for IDs that are hashes. */
    public Optional<ServerName> serverName() {
        int colon = value.indexOf(':');
        return colon < 0 ? Optional.empty() : ServerName.tryParse(value.substring(colon + 1));
    }

    @Override
    public int compareTo(EventId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    /** Whether the text after the sigil has the form of a SHA-256 in URL-safe unpadded base64. */
    static boolean isHash(String value) {
        return value.length() == 1 + HASH_LENGTH && Grammar.isUrlSafeBase64(value, 1, value.length());
    }

    private static @Nullable String problem(String value) {
        String problem = Grammar.sigilAndLength(value, '$');
        if (problem != null) {
            return problem;
        }
        return value.length() == 1 ? "must have something after its '$'" : Grammar.opaque(value, 1, value.length());
    }
}
