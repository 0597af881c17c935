package io.myelin.contracts.presence;

import io.myelin.matrix.id.UserId;
import org.jspecify.annotations.Nullable;

/**
 * The presence of a user as other users see it.
 *
 * @param lastActive milliseconds since the epoch; 0 if never
 * @param currentlyActive whether they are active just now, so that {@code lastActive} need not be told
 */
public record UserPresence(
        UserId user,
        PresenceState presence,
        long lastActive,
        boolean currentlyActive,
        @Nullable String statusMessage) {}
