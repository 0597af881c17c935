package io.myelin.accountserver.account;

import io.myelin.contracts.account.KeyBackupCommand.BackedUpKey;
import java.util.List;
import java.util.Map;

/** What changes in the tables of key backups. */
public sealed interface BackupChange {

    /** A new version. */
    record Created(byte[] authData) implements BackupChange {}

    /** The version has other data about itself. */
    record AuthDataSet(byte[] authData) implements BackupChange {}

    /** The version is gone with all its keys. */
    record Deleted() implements BackupChange {}

    /**
     * Keys are new or replaced.
     *
     * @param rooms of these keys, by ID
     */
    record KeysPut(List<BackedUpKey> keys, Map<String, BackupState.Room> rooms) implements BackupChange {}

    /** All keys of the version are deleted. */
    record Cleared() implements BackupChange {}

    /** All keys of a room are deleted. */
    record RoomCleared(String room, BackupState.Room state) implements BackupChange {}

    /** One key is deleted. */
    record KeyDeleted(String room, String session, BackupState.Room state) implements BackupChange {}
}
