package io.myelin.matrix.event;

import java.time.Duration;

/**
 * How long a server's key counts. Before version 5 every key that a server ever had is good for every event. Room versions,
 * "Signing key validity period"; server-server API, "Retrieving server keys".
 *
 * @param until milliseconds since 1970: the youngest event that the key may have signed
 */
public record KeyValidity(long until) {
    /** However long a server says that its key is valid, so that a stolen one does not count for years. */
    public static final Duration LONGEST = Duration.ofDays(7);

    /**
     * Of a key among a server's {@code verify_keys}.
     *
     * @param validUntilTs as the server says, milliseconds since 1970
     * @param now milliseconds since 1970
     */
    public static KeyValidity ofCurrentKey(long validUntilTs, long now) {
        return new KeyValidity(Math.min(validUntilTs, now + LONGEST.toMillis()));
    }

    /**
     * Of a key among a server's {@code old_verify_keys}.
     *
     * @param expiredTs when the server stopped using it, milliseconds since 1970
     */
    public static KeyValidity ofOldKey(long expiredTs) {
        return new KeyValidity(expiredTs);
    }

    /** Whether a signature with the key counts for this event. */
    public boolean covers(Pdu event) {
        return !event.version().keysExpire() || event.originServerTs() <= until;
    }
}
