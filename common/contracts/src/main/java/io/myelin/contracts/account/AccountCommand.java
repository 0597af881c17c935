package io.myelin.contracts.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.myelin.contracts.EntityMessage;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command to account-server. The shard of its user decides it and is the only writer of that user's published data.
 * Commands reach the owner by a call ({@link AccountCommands}), those of other shards by {@link AccountTopics#INPUT}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind", defaultImpl = AccountCommand.Unknown.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = AccountCommand.Register.class, name = "register"),
    @JsonSubTypes.Type(value = AccountCommand.Login.class, name = "login"),
    @JsonSubTypes.Type(value = AccountCommand.BeginSession.class, name = "begin-session"),
    @JsonSubTypes.Type(value = AccountCommand.RefreshSession.class, name = "refresh-session"),
    @JsonSubTypes.Type(value = AccountCommand.UpgradeGuest.class, name = "upgrade-guest"),
    @JsonSubTypes.Type(value = AccountCommand.Restrict.class, name = "restrict"),
    @JsonSubTypes.Type(value = AccountCommand.Logout.class, name = "logout"),
    @JsonSubTypes.Type(value = AccountCommand.ChangePassword.class, name = "password"),
    @JsonSubTypes.Type(value = AccountCommand.Deactivate.class, name = "deactivate"),
    @JsonSubTypes.Type(value = AccountCommand.RenameDevice.class, name = "rename-device"),
    @JsonSubTypes.Type(value = AccountCommand.SetProfileField.class, name = "profile-field"),
    @JsonSubTypes.Type(value = AccountCommand.SetAccountData.class, name = "account-data"),
    @JsonSubTypes.Type(value = AccountCommand.SetTag.class, name = "tag"),
    @JsonSubTypes.Type(value = AccountCommand.CreateFilter.class, name = "filter"),
    @JsonSubTypes.Type(value = AccountCommand.SetAdmin.class, name = "admin"),
    @JsonSubTypes.Type(value = AccountCommand.UseTokens.class, name = "use-tokens"),
    @JsonSubTypes.Type(value = AccountCommand.SpendNonce.class, name = "spend-nonce"),
    @JsonSubTypes.Type(value = ToDeviceCommand.SendToDevice.class, name = "send-to-device"),
    @JsonSubTypes.Type(value = ToDeviceCommand.DropToDevice.class, name = "drop-to-device"),
    @JsonSubTypes.Type(value = KeyBackupCommand.CreateKeyBackup.class, name = "create-key-backup"),
    @JsonSubTypes.Type(value = KeyBackupCommand.UpdateKeyBackup.class, name = "update-key-backup"),
    @JsonSubTypes.Type(value = KeyBackupCommand.DeleteKeyBackup.class, name = "delete-key-backup"),
    @JsonSubTypes.Type(value = KeyBackupCommand.AddBackupKeys.class, name = "add-backup-keys"),
    @JsonSubTypes.Type(value = KeyBackupCommand.DeleteBackupKeys.class, name = "delete-backup-keys"),
    @JsonSubTypes.Type(value = DehydrationCommand.DehydrateDevice.class, name = "dehydrate-device"),
    @JsonSubTypes.Type(value = DehydrationCommand.RemoveDehydratedDevice.class, name = "remove-dehydrated-device"),
    @JsonSubTypes.Type(value = KeyCommand.UploadKeys.class, name = "upload-keys"),
    @JsonSubTypes.Type(value = KeyCommand.ClaimKeys.class, name = "claim-keys"),
    @JsonSubTypes.Type(value = KeyCommand.SetCrossSigningKeys.class, name = "cross-signing-keys"),
    @JsonSubTypes.Type(value = KeyCommand.AddSignatures.class, name = "add-signatures"),
    @JsonSubTypes.Type(value = InheritRoom.class, name = "inherit-room"),
})
public sealed interface AccountCommand extends EntityMessage
        permits AccountCommand.OfAccount,
                AccountCommand.SetAccountData,
                AccountCommand.SetTag,
                AccountCommand.CreateFilter,
                AccountCommand.SpendNonce,
                AccountCommand.Unknown,
                ToDeviceCommand,
                KeyBackupCommand,
                DehydrationCommand,
                KeyCommand,
                InheritRoom {

    /** The user whose shard decides the command. */
    UserId user();

    @Override
    default String entity() {
        return user().value();
    }

    /** A command about the account itself, rather than the data that is kept for its user. */
    sealed interface OfAccount extends AccountCommand {}

    /**
     * A device with its token, as a login makes it.
     *
     * @param tokens for a session that is refreshed; null for one whose access token stays valid
     */
    record NewDevice(
            String device,
            @Nullable String displayName,
            byte[] tokenHash,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            RefreshTokens tokens) {

        public NewDevice(String device, @Nullable String displayName, byte[] tokenHash) {
            this(device, displayName, tokenHash, null);
        }
    }

    /**
     * A refresh token, and how long a session lasts. Times are milliseconds since the epoch; 0 is never.
     *
     * @param accessExpiresAt when the access token ends that belongs to it
     * @param hash SHA-256 of the refresh token
     * @param expiresAt when the refresh token ends
     */
    record RefreshTokens(long accessExpiresAt, byte[] hash, long expiresAt) {}

    /**
     * @param passwordHash Argon2id, encoded; null for an account without a password
     * @param device null for {@code inhibit_login}
     */
    record Register(
            UserId user,
            @Nullable String passwordHash,
            @Nullable NewDevice device,
            boolean admin,
            boolean guest,
            @Nullable String displayName)
            implements OfAccount {}

    /**
     * Begins a session. The password was checked against {@code passwordHash}; the login is refused if the account's hash
     * has changed since, or if {@code passwordHash} is null.
     */
    record Login(UserId user, @Nullable String passwordHash, NewDevice device) implements OfAccount {}

    /** Begins a session of a user who has proven who they are by something other than the password. */
    record BeginSession(UserId user, NewDevice device) implements OfAccount {}

    /**
     * Gives a session new tokens. A refresh token that was used is accepted again until the tokens that it was exchanged for are
     * used. One that was replaced before that has been stolen, or its successor has: the session ends.
     *
     * @param refreshHash SHA-256 of the refresh token that the client presents
     * @param tokenHash SHA-256 of the new access token
     */
    record RefreshSession(UserId user, byte[] refreshHash, byte[] tokenHash, RefreshTokens next) implements OfAccount {}

    /**
     * The new tokens of a refreshed session have arrived: the client has used the access token. From now on the refresh token
     * before is one that was replaced. Changes nothing if that is known.
     *
     * @param tokenHash SHA-256 of the access token
     */
    record UseTokens(UserId user, byte[] tokenHash) implements OfAccount {}

    /** Makes a guest an ordinary user with a password. The guest's sessions end. */
    record UpgradeGuest(
            UserId user, String passwordHash, @Nullable NewDevice device) implements OfAccount {}

    /**
     * Locks or suspends an account, or ends that. Client-server API, "Account locking" and "Account suspension".
     *
     * @param locked null to leave it as it is
     * @param suspended null to leave it as it is
     */
    record Restrict(
            UserId user, @Nullable Boolean locked, @Nullable Boolean suspended) implements OfAccount {}

    /** Makes a user an administrator, or ends that. */
    record SetAdmin(UserId user, boolean admin) implements OfAccount {}

    /**
     * Removes devices and their tokens.
     *
     * @param devices empty for all
     * @param except a device that stays
     */
    record Logout(
            UserId user, List<String> devices, @Nullable String except) implements OfAccount {}

    /** @param logoutExcept the only device that is not logged out, empty for none of them; null if all devices stay */
    record ChangePassword(
            UserId user, String passwordHash, @Nullable String logoutExcept) implements OfAccount {}

    record Deactivate(UserId user, boolean erase) implements OfAccount {}

    record RenameDevice(
            UserId user, String device, @Nullable String displayName) implements OfAccount {}

    /**
     * @param value JSON; null removes the field. {@code displayname} and {@code avatar_url} are written into the user's
     *     rooms too
     */
    record SetProfileField(UserId user, String field, byte @Nullable [] value) implements OfAccount {}

    /**
     * @param room null for global account data
     * @param content the JSON object; null deletes it
     */
    record SetAccountData(UserId user, @Nullable RoomId room, String type, byte @Nullable [] content)
            implements AccountCommand {}

    /**
     * Changes one tag in the room's {@code m.tag} account data.
     *
     * @param content the tag's JSON object; null removes it
     */
    record SetTag(UserId user, RoomId room, String tag, byte @Nullable [] content) implements AccountCommand {}

    record CreateFilter(UserId user, byte[] filter) implements AccountCommand {}

    /**
     * Uses up a nonce, from which the command's ID is made. A command is executed once, and a second one with the same ID
     * gets the first one's answer. So only one spender may use the nonce.
     *
     * @param user the same user for all nonces; no user's data changes
     * @param spender a random name of the caller
     */
    record SpendNonce(UserId user, String spender) implements AccountCommand {}

    /** A command of a later release; it is answered as unsupported. */
    record Unknown(UserId user) implements AccountCommand {}
}
