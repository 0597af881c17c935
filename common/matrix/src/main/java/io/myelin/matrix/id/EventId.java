package io.myelin.matrix.id;

import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code $opaque}, at most 255 bytes: from room version 4 on the event's reference hash in URL-safe unpadded base64.
 * Appendices, "Event IDs".
 */
public record EventId(String value) implements Comparable<EventId> {
    static final int HASH_LENGTH = 43;

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

    /** The ID of the event with this reference hash, from room version 4 on. */
    public static EventId ofReferenceHash(byte[] sha256) {
        return new EventId("$" + URL_SAFE.encodeToString(sha256));
    }

    @Override
    public int compareTo(EventId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    /** Whether what follows the sigil has the form of a SHA-256 in URL-safe unpadded base64. */
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
