package io.myelin.contracts.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.myelin.matrix.id.UserId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command about a user's backup of room keys. Client-server API, "Server-side key backups". */
public sealed interface KeyBackupCommand extends AccountCommand {

    /**
     * The key of one session, encrypted by the client.
     *
     * @param room the ID of the room that the session is of, as the client wrote it
     * @param verified whether the client trusts the device that the key came from
     * @param data the JSON object {@code session_data}
     */
    record BackedUpKey(
            String room, String session, long firstMessageIndex, long forwardedCount, boolean verified, byte[] data) {}

    /**
     * Begins a new version, which is the current one from then on.
     *
     * @param authData a JSON object
     */
    record CreateKeyBackup(UserId user, String algorithm, byte[] authData) implements KeyBackupCommand {}

    /**
     * Replaces what a version says about itself.
     *
     * @param algorithm must be that of the version
     * @param authData a JSON object
     */
    record UpdateKeyBackup(UserId user, long version, String algorithm, byte[] authData) implements KeyBackupCommand {}

    record DeleteKeyBackup(UserId user, long version) implements KeyBackupCommand {}

    /**
     * Adds keys to the current version. A key that is there already is replaced if the new one is better.
     *
     * @param keys each session once
     */
    record AddBackupKeys(UserId user, long version, List<BackedUpKey> keys) implements KeyBackupCommand {}

    /**
     * Deletes keys of a version.
     *
     * @param room null for all rooms
     * @param session null for all sessions
     */
    record DeleteBackupKeys(
            UserId user,
            long version,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String room,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String session)
            implements KeyBackupCommand {}
}
