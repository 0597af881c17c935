package io.myelin.contracts.account;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import org.jspecify.annotations.Nullable;

/** A fact that account-server publishes. It has no secrets; of a token it has only the hash. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind", defaultImpl = AccountFact.Unknown.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = AccountFact.AccountRegistered.class, name = "registered"),
    @JsonSubTypes.Type(value = AccountFact.AccountDeactivated.class, name = "deactivated"),
    @JsonSubTypes.Type(value = AccountFact.AccountRestricted.class, name = "restricted"),
    @JsonSubTypes.Type(value = AccountFact.PasswordChanged.class, name = "password"),
    @JsonSubTypes.Type(value = AccountFact.DeviceChanged.class, name = "device"),
    @JsonSubTypes.Type(value = AccountFact.DeviceRemoved.class, name = "device-removed"),
    @JsonSubTypes.Type(value = AccountFact.ProfileChanged.class, name = "profile"),
    @JsonSubTypes.Type(value = AccountFact.AccountDataChanged.class, name = "account-data"),
    @JsonSubTypes.Type(value = AccountFact.FilterCreated.class, name = "filter"),
    @JsonSubTypes.Type(value = ToDeviceFact.ToDeviceArrived.class, name = "to-device"),
    @JsonSubTypes.Type(value = ToDeviceFact.ToDeviceDropped.class, name = "to-device-dropped"),
    @JsonSubTypes.Type(value = KeyBackupFact.class, name = "key-backup"),
    @JsonSubTypes.Type(value = DehydratedDeviceChanged.class, name = "dehydrated-device"),
    @JsonSubTypes.Type(value = KeyFact.DeviceListChanged.class, name = "device-list"),
    @JsonSubTypes.Type(value = KeyFact.UserSigned.class, name = "user-signed"),
    @JsonSubTypes.Type(value = KeyFact.KeyCountsChanged.class, name = "key-counts"),
    @JsonSubTypes.Type(value = RoomInherited.class, name = "room-inherited"),
})
public sealed interface AccountFact
        permits AccountFact.AccountRegistered,
                AccountFact.AccountDeactivated,
                AccountFact.AccountRestricted,
                AccountFact.PasswordChanged,
                AccountFact.DeviceChanged,
                AccountFact.DeviceRemoved,
                AccountFact.ProfileChanged,
                AccountFact.AccountDataChanged,
                AccountFact.FilterCreated,
                AccountFact.Unknown,
                ToDeviceFact,
                KeyBackupFact,
                DehydratedDeviceChanged,
                KeyFact,
                RoomInherited {

    /** The user that the fact is about. */
    @Nullable
    UserId user();

    /** A new user, a guest who has become an ordinary user, or a user who has become an administrator or is none any more. */
    record AccountRegistered(UserId user, boolean admin, boolean guest) implements AccountFact {}

    /**
     * The account is closed.
     *
     * @param erased whether users who were not in a room when this user sent an event there see only its pruned form
     */
    record AccountDeactivated(UserId user, boolean erased) implements AccountFact {}

    /** The account is locked or suspended, or is so no more. */
    record AccountRestricted(UserId user, boolean locked, boolean suspended) implements AccountFact {}

    record PasswordChanged(UserId user) implements AccountFact {}

    /**
     * A device is new, has another name, or another token.
     *
     * @param tokenHash SHA-256 of its access token; its former token is void
     * @param session the number of the fact that gave the device this token; earlier sessions of the device have ended. 0
     *     if the writer's release did not set it
     */
    record DeviceChanged(
            UserId user, String device, @Nullable String displayName, byte[] tokenHash, long session)
            implements AccountFact {}

    /** A device and its token are gone. */
    record DeviceRemoved(UserId user, String device) implements AccountFact {}

    record ProfileChanged(UserId user, Profile profile) implements AccountFact {}

    /**
     * Account data has another content.
     *
     * @param room null for global account data
     * @param content the JSON object; {@code {}} where it was deleted
     */
    record AccountDataChanged(UserId user, @Nullable RoomId room, String type, byte[] content) implements AccountFact {}

    record FilterCreated(UserId user, String filterId) implements AccountFact {}

    /** A fact of a later release; readers skip it. */
    record Unknown(@Nullable UserId user) implements AccountFact {}
}
