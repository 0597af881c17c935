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
 */
public record Device(String id, @Nullable String displayName, byte[] tokenHash, long session, long loggedInAt) {

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Device that
                && id.equals(that.id)
                && Objects.equals(displayName, that.displayName)
                && Arrays.equals(tokenHash, that.tokenHash)
                && session == that.session
                && loggedInAt == that.loggedInAt;
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, session);
    }
}
