package io.myelin.accountserver.account;

import io.myelin.contracts.account.Profile;
import io.myelin.matrix.crypto.Sha256;
import io.myelin.matrix.crypto.UnpaddedBase64;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonWeight;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The state that a decision is based on. {@link EntityKey} says which entity has which state. */
public sealed interface UserState
        permits UserState.Unregistered,
                UserState.Usage,
                UserState.Item,
                UserState.Filter,
                UserState.Tags,
                UserState.Direct,
                UserState.Inherited,
                UserState.Account,
                Inbox,
                BackupState,
                UserState.Dehydrated,
                UserKeys,
                OneTimeKeys {

    /** Roughly how many bytes of memory it takes. */
    default long weight() {
        return switch (this) {
            case Unregistered _, Usage _, Item _, Filter _, Dehydrated _, Inherited _ -> 48;
            case Direct direct -> JsonWeight.of(direct.content);
            case Tags tags -> JsonWeight.of(tags.content);
            case Inbox inbox -> inbox.bytesInMemory();
            case BackupState backup -> backup.bytesInMemory();
            case UserKeys keys -> keys.weight();
            case OneTimeKeys keys -> keys.weight();
            case Account account ->
                Account.ITSELF
                        + account.devices.size() * Account.DEVICE
                        + ProfileRules.bytes(account.profile)
                        + account.profile.fields().size() * Account.FIELD;
        };
    }

    /** No user of this name was ever registered. */
    record Unregistered() implements UserState {}

    /**
     * How much a user keeps.
     *
     * @param items rows of account data, deleted ones too
     * @param itemBytes size of their content
     */
    record Usage(int items, long itemBytes, int filters, long filterBytes) implements UserState {
        public static final Usage NOTHING = new Usage(0, 0, 0, 0);

        Usage withItem(boolean isNew, long moreBytes) {
            return new Usage(items + (isNew ? 1 : 0), itemBytes + moreBytes, filters, filterBytes);
        }

        Usage withFilter(long bytes) {
            return new Usage(items, itemBytes, filters + 1, filterBytes + bytes);
        }
    }

    /**
     * The size of one item of account data.
     *
     * @param known whether it has a row, even a deleted one
     * @param bytes size of its content
     */
    record Item(boolean known, long bytes) implements UserState {
        public static final Item ABSENT = new Item(false, 0);
    }

    /**
     * The user's dehydrated device.
     *
     * @param device null if there is none. A device that was removed like any other may be named still
     * @param session the number of its session: another session of a device of the same ID is a real one
     * @param dataHash SHA-256 of its data, in base64
     */
    record Dehydrated(@Nullable String device, long session, String dataHash) implements UserState {
        public static final Dehydrated NONE = new Dehydrated(null, 0, "");

        /** The dehydrated device, if it is still there. */
        @Nullable
        Device of(Account account) {
            Device found = device == null ? null : account.devices().get(device);
            return found == null || found.session() != session ? null : found;
        }

        public static String hash(byte[] data) {
            return UnpaddedBase64.encode(Sha256.hash(data));
        }
    }

    /** Whether a filter with this hash is stored. */
    record Filter(boolean known) implements UserState {}

    /**
     * The tags of a room.
     *
     * @param content of {@code m.tag}, {@code {}} if there is none
     */
    record Tags(JsonObject content, Item item) implements UserState {
        public static final Tags NONE = new Tags(JsonObject.EMPTY, Item.ABSENT);
    }

    /**
     * The rooms that are conversations with one person, by that person.
     *
     * @param content of {@code m.direct}, {@code {}} if there is none
     */
    record Direct(JsonObject content, Item item) implements UserState {
        public static final Direct NONE = new Direct(JsonObject.EMPTY, Item.ABSENT);
    }

    /** Whether what the user had set for a room has followed into a replacement of it. */
    record Inherited(boolean known) implements UserState {}

    /**
     * A registered user.
     *
     * @param passwordHash Argon2id, encoded; null for a user who cannot log in by password
     * @param devices by their ID
     * @param erased whether the user asked for erasure when the account was closed
     * @param locked whether the user may only log out
     * @param suspended whether the user may not write
     * @param createdAt milliseconds since the epoch
     */
    record Account(
            UserId user,
            @Nullable String passwordHash,
            boolean admin,
            boolean guest,
            boolean deactivated,
            boolean erased,
            boolean locked,
            boolean suspended,
            long createdAt,
            Map<String, Device> devices,
            Profile profile)
            implements UserState {

        private static final long ITSELF = 2_000;
        private static final long DEVICE = 1_800;

        /** Memory of one profile field beyond its text: a map entry, a string and an array. */
        private static final long FIELD = 150;

        public Account {
            devices = Map.copyOf(devices);
        }

        Account withPassword(@Nullable String hash) {
            return new Account(
                    user, hash, admin, guest, deactivated, erased, locked, suspended, createdAt, devices, profile);
        }

        Account withDevices(Map<String, Device> newDevices) {
            return new Account(
                    user,
                    passwordHash,
                    admin,
                    guest,
                    deactivated,
                    erased,
                    locked,
                    suspended,
                    createdAt,
                    newDevices,
                    profile);
        }

        Account withProfile(Profile newProfile) {
            return new Account(
                    user,
                    passwordHash,
                    admin,
                    guest,
                    deactivated,
                    erased,
                    locked,
                    suspended,
                    createdAt,
                    devices,
                    newProfile);
        }

        Account withAdmin(boolean isAdmin) {
            return new Account(
                    user,
                    passwordHash,
                    isAdmin,
                    guest,
                    deactivated,
                    erased,
                    locked,
                    suspended,
                    createdAt,
                    devices,
                    profile);
        }

        /** An ordinary user in place of a guest. */
        Account upgraded(String hash) {
            return new Account(
                    user, hash, admin, false, deactivated, erased, locked, suspended, createdAt, devices, profile);
        }

        Account restricted(boolean nowLocked, boolean nowSuspended) {
            return new Account(
                    user,
                    passwordHash,
                    admin,
                    guest,
                    deactivated,
                    erased,
                    nowLocked,
                    nowSuspended,
                    createdAt,
                    devices,
                    profile);
        }

        /** Closes the account. An erased user stays erased. */
        Account closed(boolean erase) {
            return new Account(
                    user, null, admin, guest, true, erased || erase, locked, suspended, createdAt, devices, profile);
        }
    }
}
