package io.myelin.contracts.account;

import io.myelin.contracts.Position;
import io.myelin.matrix.id.UserId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A user's profile as it was at some position of their shard. Of two profiles, the one at the later position is valid.
 *
 * @param fields other profile fields by name, values as JSON
 * @param deactivated whether the account is closed
 */
public record Profile(
        UserId user,
        Position at,
        @Nullable String displayName,
        @Nullable String avatarUrl,
        Map<String, byte[]> fields,
        boolean deactivated) {

    public static Profile empty(UserId user, Position at) {
        return new Profile(user, at, null, null, Map.of(), false);
    }

    public boolean isNewerThan(@Nullable Profile other) {
        return other == null || at.isAfter(other.at);
    }
}
