package io.myelin.accountserver.backup;

import io.myelin.contracts.account.KeyBackupCommand.BackedUpKey;
import io.myelin.matrix.id.UserId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The committed key backups of users. */
public interface KeyBackups {

    /**
     * A version.
     *
     * @param authData a JSON object
     * @param count how many keys it has
     */
    record KeyBackup(long version, String algorithm, byte[] authData, long etag, long count) {}

    /** @param version null for the current one */
    Optional<KeyBackup> version(UserId user, @Nullable Long version);

    Optional<BackedUpKey> key(UserId user, long version, String room, String session);

    /**
     * Some keys of a version, ordered by room and session.
     *
     * @param room null for those of all rooms
     * @param after the key before the first; null for the beginning
     * @param limit how many at most
     */
    List<BackedUpKey> keys(UserId user, long version, @Nullable String room, @Nullable BackedUpKey after, int limit);
}
