package io.myelin.accountserver.account;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A session of a user.
 *
 * @param tokenHash SHA-256 of its access token
 * @param session the number of the fact that gave it this token
 * @param loggedInAt milliseconds since the epoch
 * @param expiresAt when the access token ends, likewise; 0 for never
 * @param refresh the refresh tokens; null for a session that cannot be refreshed
 */
public record Device(
        String id,
        @Nullable String displayName,
        byte[] tokenHash,
        long session,
        long loggedInAt,
        long expiresAt,
        @Nullable Refresh refresh) {

    Device named(@Nullable String name) {
        return new Device(id, name, tokenHash, session, loggedInAt, expiresAt, refresh);
    }

    Device with(Refresh tokens) {
        return new Device(id, displayName, tokenHash, session, loggedInAt, expiresAt, tokens);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Device that
                && id.equals(that.id)
                && Objects.equals(displayName, that.displayName)
                && Arrays.equals(tokenHash, that.tokenHash)
                && session == that.session
                && loggedInAt == that.loggedInAt
                && expiresAt == that.expiresAt
                && Objects.equals(refresh, that.refresh);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, session);
    }
}
