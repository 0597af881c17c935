package io.myelin.contracts.account;

import io.myelin.matrix.id.UserId;
import org.jspecify.annotations.Nullable;

/**
 * The user and the device that an access token stands for.
 *
 * @param device null for a token without a device (an application service)
 * @param seq the number, in the user's shard, of the fact that began the session
 * @param expiresAt milliseconds since the epoch; 0 for a token that stays valid
 * @param locked whether the user may only log out. Client-server API, "Account locking"
 * @param suspended whether the user may not write. Client-server API, "Account suspension"
 */
public record Session(
        UserId user,
        @Nullable String device,
        boolean admin,
        boolean guest,
        long seq,
        long expiresAt,
        boolean locked,
        boolean suspended) {

    /** A session that lasts, of a user without restrictions. */
    public Session(UserId user, @Nullable String device, boolean admin, boolean guest, long seq) {
        this(user, device, admin, guest, seq, 0, false, false);
    }

    public boolean isOver(long now) {
        return expiresAt != 0 && expiresAt <= now;
    }
}
