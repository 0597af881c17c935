package io.myelin.accountserver.registration;

import org.jspecify.annotations.Nullable;

/**
 * A token that permits registrations.
 *
 * @param usesAllowed how many registrations; null for any number
 * @param expiresAt milliseconds since the epoch; null for never
 * @param pending sessions that hold a use now, and may yet register
 * @param completed users registered with it
 */
public record RegistrationToken(
        String token,
        @Nullable Integer usesAllowed,
        @Nullable Long expiresAt,
        int pending,
        int completed) {

    public boolean isUsable(long now) {
        return (expiresAt == null || expiresAt > now) && (usesAllowed == null || pending + completed < usesAllowed);
    }
}
