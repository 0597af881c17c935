package io.myelin.accountserver.account;

import io.myelin.contracts.account.KeyBackupCommand.BackedUpKey;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The state of key backups. A deletion of many keys does not touch their rows: it notes its number, and keys of earlier
 * numbers count as deleted, in the tables and in memory. Their rows are deleted later, in slices.
 */
public sealed interface BackupState extends UserState {

    /** An entity whose name has a user, a room and a session. */
    int NAMED = 1_000;

    /** Roughly how many bytes of memory it takes. */
    default long bytesInMemory() {
        return switch (this) {
            case Versions versions -> 100 + 200L * versions.existing.size();
            case Room _, Key _ -> NAMED;
        };
    }

    /**
     * A user's versions.
     *
     * @param newest the highest number of a version that ever was; 0 for none
     * @param existing the versions that are not deleted, by number
     */
    record Versions(long newest, Map<Long, Version> existing) implements BackupState {
        public static final Versions NONE = new Versions(0, Map.of());

        public Versions {
            existing = Map.copyOf(existing);
        }

        /** The version that takes keys. */
        Optional<Version> current() {
            return existing.values().stream().max(Comparator.comparingLong(Version::number));
        }

        long keys() {
            return existing.values().stream().mapToLong(Version::keys).sum();
        }

        long rooms() {
            return existing.values().stream().mapToLong(Version::rooms).sum();
        }

        long bytes() {
            return existing.values().stream().mapToLong(Version::bytes).sum();
        }

        Versions with(Version version) {
            Map<Long, Version> changed = new HashMap<>(existing);
            changed.put(version.number(), version);
            return new Versions(Math.max(newest, version.number()), changed);
        }

        Versions without(long version) {
            Map<Long, Version> changed = new HashMap<>(existing);
            changed.remove(version);
            return new Versions(newest, changed);
        }
    }

    /**
     * A version.
     *
     * @param etag counts the changes of its keys
     * @param keys how many it has
     * @param bytes of their data
     * @param cleared the number of the last fact that deleted all its keys; 0 for none
     * @param rooms how many rooms it has had keys of since then
     */
    record Version(long number, String algorithm, long etag, long keys, long bytes, long cleared, long rooms) {
        Version changed(long moreKeys, long moreBytes) {
            return new Version(number, algorithm, etag + 1, keys + moreKeys, bytes + moreBytes, cleared, rooms);
        }

        Version withRooms(long more) {
            return new Version(number, algorithm, etag, keys, bytes, cleared, rooms + more);
        }

        Version cleared(long seq) {
            return new Version(number, algorithm, etag + 1, 0, 0, seq, 0);
        }
    }

    /**
     * The keys of one room in a version.
     *
     * @param cleared the number of the last fact that deleted all of them; 0 for none
     * @param seq of its last change
     */
    record Room(long keys, long bytes, long cleared, long seq) implements BackupState {
        public static final Room EMPTY = new Room(0, 0, 0, 0);

        /** Whether the version has no row of it, or only one that counts no more. */
        boolean isNewIn(Version version) {
            return seq == 0 || seq < version.cleared();
        }

        /** The room as it is after all that happened to its version. */
        Room in(Version version) {
            return seq < version.cleared() ? new Room(0, 0, version.cleared(), version.cleared()) : this;
        }

        Room changed(long moreKeys, long moreBytes, long at) {
            return new Room(keys + moreKeys, bytes + moreBytes, cleared, at);
        }
    }

    /**
     * What decides whether another key of the same session is better.
     *
     * @param bytes of its data
     * @param seq of the fact that stored it; 0 if there is none
     */
    record Key(long firstMessageIndex, long forwardedCount, boolean verified, int bytes, long seq)
            implements BackupState {
        public static final Key ABSENT = new Key(0, 0, false, 0, 0);

        static Key of(BackedUpKey key, long seq) {
            return new Key(key.firstMessageIndex(), key.forwardedCount(), key.verified(), key.data().length, seq);
        }

        boolean isIn(Room room) {
            return seq > room.cleared();
        }

        /**
         * Client-server API, "Backup algorithm": a verified key is better than another; of two, the one that decrypts
         * more; of these, the one that was forwarded less often.
         */
        boolean isWorseThan(BackedUpKey other) {
            if (verified != other.verified()) {
                return other.verified();
            }
            if (firstMessageIndex != other.firstMessageIndex()) {
                return other.firstMessageIndex() < firstMessageIndex;
            }
            return other.forwardedCount() < forwardedCount;
        }
    }
}
