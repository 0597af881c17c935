package io.myelin.accountserver.account;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Position;
import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.KeyBackupCommand;
import io.myelin.contracts.account.KeyBackupCommand.AddBackupKeys;
import io.myelin.contracts.account.KeyBackupCommand.BackedUpKey;
import io.myelin.contracts.account.KeyBackupCommand.CreateKeyBackup;
import io.myelin.contracts.account.KeyBackupCommand.DeleteBackupKeys;
import io.myelin.contracts.account.KeyBackupCommand.DeleteKeyBackup;
import io.myelin.contracts.account.KeyBackupCommand.UpdateKeyBackup;
import io.myelin.contracts.account.KeyBackupFact;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Entities;
import io.myelin.engine.shard.Moment;
import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides on key backups. Only the keys that a command names are loaded, and the counts of their rooms. Client-server API,
 * "Server-side key backups".
 */
final class BackupDecisions {
    /** How many versions a user may have that are not deleted. */
    static final int MOST_VERSIONS = 100;

    /** How many keys all versions of a user may have together. */
    static final long MOST_KEYS = 1_000_000;

    /** How many rooms all versions of a user may have had keys of. */
    static final long MOST_ROOMS = 100_000;

    /** How many bytes of data all keys of a user may have together. */
    static final long MOST_BYTES = 2L << 30;

    private static final int TOO_LARGE = 413;

    private final Entities<UserState> entities;
    private final Moment moment;
    private final UserId user;
    private final BackupState.Versions versions;
    private final Map<String, UserState> changes = new HashMap<>();

    private BackupDecisions(Entities<UserState> entities, UserId user, Moment moment) {
        this.entities = entities;
        this.moment = moment;
        this.user = user;
        this.versions = (BackupState.Versions) entities.get(new EntityKey.OfBackups(user).text());
    }

    static Decision<UserState, AccountChange> decide(
            Entities<UserState> entities, KeyBackupCommand command, Moment moment) {
        UserState user = entities.get(new EntityKey.OfUser(command.user()).text());
        if (!(user instanceof UserState.Account account) || account.deactivated()) {
            return refused(MatrixError.notFound("There is no such user."));
        }
        var decisions = new BackupDecisions(entities, command.user(), moment);
        return switch (command) {
            case CreateKeyBackup create -> decisions.create(create);
            case UpdateKeyBackup update -> decisions.update(update);
            case DeleteKeyBackup delete -> decisions.delete(delete);
            case AddBackupKeys add -> decisions.add(add);
            case DeleteBackupKeys delete -> decisions.delete(delete);
        };
    }

    /** Deletes all versions of a user whose account is closed; returns the new states. */
    static Map<String, UserState> deleteAll(Entities<UserState> entities, UserId user, Outcome outcome) {
        String key = new EntityKey.OfBackups(user).text();
        var versions = (BackupState.Versions) entities.get(key);
        if (versions.existing().isEmpty()) {
            return Map.of();
        }
        for (BackupState.Version version : versions.existing().values()) {
            BackupState.Version deleted = version.cleared(outcome.seq());
            outcome.add(new AccountChange.KeyBackupSet(
                    new KeyBackupFact(user, deleted.number(), deleted.etag()), new BackupChange.Deleted(), deleted));
        }
        return Map.of(key, new BackupState.Versions(versions.newest(), Map.of()));
    }

    private Decision<UserState, AccountChange> create(CreateKeyBackup create) {
        if (versions.existing().size() >= MOST_VERSIONS) {
            return refused(tooLarge("A user has at most " + MOST_VERSIONS + " key backups. Delete an old one first."));
        }
        var version = new BackupState.Version(versions.newest() + 1, create.algorithm(), 0, 0, 0, 0, 0);
        return changed(version, new BackupChange.Created(create.authData()));
    }

    private Decision<UserState, AccountChange> update(UpdateKeyBackup update) {
        BackupState.Version version = versions.existing().get(update.version());
        if (version == null) {
            return unknownVersion();
        }
        if (!version.algorithm().equals(update.algorithm())) {
            return refused(MatrixError.invalidParam("A key backup keeps its algorithm, " + version.algorithm() + "."));
        }
        return changed(version, new BackupChange.AuthDataSet(update.authData()));
    }

    private Decision<UserState, AccountChange> delete(DeleteKeyBackup delete) {
        BackupState.Version version = versions.existing().get(delete.version());
        if (version == null) {
            return unknownVersion();
        }
        changes.put(new EntityKey.OfBackups(user).text(), versions.without(version.number()));
        return decision(version.cleared(moment.seq()), new BackupChange.Deleted());
    }

    private Decision<UserState, AccountChange> add(AddBackupKeys add) {
        BackupState.Version version = versions.existing().get(add.version());
        BackupState.Version current = versions.current().orElse(null);
        if (version == null || current == null) {
            return unknownVersion();
        }
        if (version.number() != current.number()) {
            return Decision.refused(Cbor.encode(new AccountAnswer.WrongKeyBackup(current.number())));
        }
        List<String> needed = new ArrayList<>();
        for (BackedUpKey key : add.keys()) {
            needed.add(roomKey(version, key.room()));
            needed.add(key(version, key).text());
        }
        entities.require(needed.stream().distinct().toList());
        List<BackedUpKey> stored = new ArrayList<>();
        Map<String, BackupState.Room> rooms = new LinkedHashMap<>();
        long moreKeys = 0;
        long moreBytes = 0;
        long moreRooms = 0;
        for (BackedUpKey key : add.keys()) {
            BackupState.Room room = rooms.get(key.room());
            boolean isFirstOfRoom = room == null && isNewRoom(version, key.room());
            room = room == null ? room(version, key.room()) : room;
            String name = key(version, key).text();
            var before = (BackupState.Key) changes.getOrDefault(name, entities.get(name));
            boolean isNew = !before.isIn(room);
            if (isNew || before.isWorseThan(key)) {
                int bytes = key.data().length - (isNew ? 0 : before.bytes());
                moreKeys += isNew ? 1 : 0;
                moreBytes += bytes;
                moreRooms += isFirstOfRoom ? 1 : 0;
                rooms.put(key.room(), room.changed(isNew ? 1 : 0, bytes, moment.seq()));
                changes.put(name, BackupState.Key.of(key, moment.seq()));
                stored.add(key);
            }
        }
        if (stored.isEmpty()) {
            return Decision.unchanged(answer(version, moment.seq() - 1));
        }
        if (moreKeys > 0 && versions.keys() + moreKeys > MOST_KEYS
                || moreBytes > 0 && versions.bytes() + moreBytes > MOST_BYTES) {
            return refused(tooLarge("The key backups of a user have at most " + MOST_KEYS + " keys, of " + MOST_BYTES
                    + " bytes together."));
        }
        if (moreRooms > 0 && versions.rooms() + moreRooms > MOST_ROOMS) {
            return refused(tooLarge("The key backups of a user have keys of at most " + MOST_ROOMS + " rooms."));
        }
        rooms.forEach((room, state) -> changes.put(roomKey(version, room), state));
        return changed(
                version.changed(moreKeys, moreBytes).withRooms(moreRooms), new BackupChange.KeysPut(stored, rooms));
    }

    private Decision<UserState, AccountChange> delete(DeleteBackupKeys delete) {
        BackupState.Version version = versions.existing().get(delete.version());
        if (version == null) {
            return unknownVersion();
        }
        if (version.keys() == 0) {
            return Decision.unchanged(answer(version, moment.seq() - 1));
        }
        if (delete.room() == null) {
            return changed(version.cleared(moment.seq()), new BackupChange.Cleared());
        }
        String roomKey = roomKey(version, delete.room());
        BackupState.Room room = room(version, delete.room());
        if (room.keys() == 0) {
            return Decision.unchanged(answer(version, moment.seq() - 1));
        }
        if (delete.session() == null) {
            var cleared = new BackupState.Room(0, 0, moment.seq(), moment.seq());
            changes.put(roomKey, cleared);
            return changed(
                    version.changed(-room.keys(), -room.bytes()), new BackupChange.RoomCleared(delete.room(), cleared));
        }
        String name = new EntityKey.OfBackupKey(user, version.number(), delete.room(), delete.session()).text();
        var key = (BackupState.Key) entities.get(name);
        if (!key.isIn(room)) {
            return Decision.unchanged(answer(version, moment.seq() - 1));
        }
        BackupState.Room fewer = room.changed(-1, -key.bytes(), moment.seq());
        changes.put(roomKey, fewer);
        changes.put(name, BackupState.Key.ABSENT);
        return changed(
                version.changed(-1, -key.bytes()), new BackupChange.KeyDeleted(delete.room(), delete.session(), fewer));
    }

    private BackupState.Room room(BackupState.Version version, String room) {
        return ((BackupState.Room) entities.get(roomKey(version, room))).in(version);
    }

    private boolean isNewRoom(BackupState.Version version, String room) {
        return ((BackupState.Room) entities.get(roomKey(version, room))).isNewIn(version);
    }

    private String roomKey(BackupState.Version version, String room) {
        return new EntityKey.OfBackupRoom(user, version.number(), room).text();
    }

    private EntityKey.OfBackupKey key(BackupState.Version version, BackedUpKey key) {
        return new EntityKey.OfBackupKey(user, version.number(), key.room(), key.session());
    }

    private Decision<UserState, AccountChange> changed(BackupState.Version version, BackupChange what) {
        changes.put(new EntityKey.OfBackups(user).text(), versions.with(version));
        return decision(version, what);
    }

    private Decision<UserState, AccountChange> decision(BackupState.Version version, BackupChange what) {
        var fact = new KeyBackupFact(user, version.number(), version.etag());
        return new Decision<>(
                changes,
                List.of(new AccountChange.KeyBackupSet(fact, what, version)),
                answer(version, moment.seq()),
                true,
                List.of());
    }

    private byte[] answer(BackupState.Version version, long seq) {
        return Cbor.encode(new AccountAnswer.KeyBackupChanged(
                new Position(moment.shard(), moment.incarnation(), seq),
                version.number(),
                version.etag(),
                version.keys()));
    }

    private static Decision<UserState, AccountChange> unknownVersion() {
        return refused(MatrixError.notFound("There is no such key backup."));
    }

    private static Decision<UserState, AccountChange> refused(MatrixError error) {
        return Decision.refused(Cbor.encode(new AccountAnswer.Refused(error)));
    }

    private static MatrixError tooLarge(String sentence) {
        return new MatrixError(TOO_LARGE, "M_TOO_LARGE", sentence);
    }
}
