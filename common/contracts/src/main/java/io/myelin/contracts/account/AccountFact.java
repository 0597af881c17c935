package io.myelin.contracts.account;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import org.jspecify.annotations.Nullable;

/** What account-server publishes. Secrets never travel: a token only as its hash. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind", defaultImpl = AccountFact.Unknown.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = AccountFact.AccountRegistered.class, name = "registered"),
    @JsonSubTypes.Type(value = AccountFact.AccountDeactivated.class, name = "deactivated"),
    @JsonSubTypes.Type(value = AccountFact.PasswordChanged.class, name = "password"),
    @JsonSubTypes.Type(value = AccountFact.DeviceChanged.class, name = "device"),
    @JsonSubTypes.Type(value = AccountFact.DeviceRemoved.class, name = "device-removed"),
    @JsonSubTypes.Type(value = AccountFact.ProfileChanged.class, name = "profile"),
    @JsonSubTypes.Type(value = AccountFact.AccountDataChanged.class, name = "account-data"),
    @JsonSubTypes.Type(value = AccountFact.FilterCreated.class, name = "filter"),
})
public sealed interface AccountFact {

    /** Whom it is about. */
    @Nullable
    UserId user();

    record AccountRegistered(UserId user, boolean admin, boolean guest) implements AccountFact {}

    /**
     * The account is closed.
     *
     * @param erased whether whoever was not in a room when the user sent something there is shown no more than its pruned form
     */
    record AccountDeactivated(UserId user, boolean erased) implements AccountFact {}

    record PasswordChanged(UserId user) implements AccountFact {}

    /**
     * A device is new, has another name, or another token.
     *
     * @param tokenHash SHA-256 of its access token; what it had before is void
     * @param session the number of the fact that gave it this token: sessions of the device that began before are over. 0
     *     where the writer was of a release that did not say
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

    /** A kind of a later release: readers pass on. */
    record Unknown(@Nullable UserId user) implements AccountFact {}
}
