package io.myelin.matrix.event;

import java.time.Duration;

/**
 * How long a server's key is valid. Before version 5 every key that a server ever had is valid for every event. Room
 * versions, "Signing key validity period"; server-server API, "Retrieving server keys".
 *
 * @param until the latest time of an event that the key may have signed, in milliseconds since 1970
 */
public record KeyValidity(long until) {
    /** The longest validity of a key, whatever its server says, so that a stolen key is not valid for years. */
    public static final Duration LONGEST = Duration.ofDays(7);

    /**
     * The validity of a key among a server's {@code verify_keys}.
     *
     * @param validUntilTs the server's {@code valid_until_ts}, milliseconds since 1970
     * @param now milliseconds since 1970
     */
    public static KeyValidity ofCurrentKey(long validUntilTs, long now) {
        return new KeyValidity(Math.min(validUntilTs, now + LONGEST.toMillis()));
    }

    /**
     * The validity of a key among a server's {@code old_verify_keys}.
     *
     * @param expiredTs when the server stopped using it, milliseconds since 1970
     */
    public static KeyValidity ofOldKey(long expiredTs) {
        return new KeyValidity(expiredTs);
    }

    /** Whether the key may have signed this event. */
    public boolean covers(Pdu event) {
        return !event.version().keysExpire() || event.originServerTs() <= until;
    }
}
