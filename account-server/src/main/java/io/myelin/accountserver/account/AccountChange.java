package io.myelin.accountserver.account;

import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.DehydratedDeviceChanged;
import io.myelin.contracts.account.KeyBackupFact;
import io.myelin.contracts.account.ToDeviceFact;
import io.myelin.matrix.id.UserId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A fact about a user, with the part of it that is stored and must not be published. */
public sealed interface AccountChange
        permits AccountChange.AccountSet,
                AccountChange.DeviceSet,
                AccountChange.DataSet,
                AccountChange.FilterSet,
                AccountChange.ToDeviceAdded,
                AccountChange.KeyBackupSet,
                AccountChange.DehydratedSet,
                AccountChange.Plain,
                KeyChange {

    /** The part that is published. */
    AccountFact published();

    /** The account itself changed; {@code account} is its new state. */
    record AccountSet(AccountFact published, UserState.Account account) implements AccountChange {}

    /**
     * A device is new or changed.
     *
     * @param isNew whether nothing may be left of an earlier device of the same ID
     */
    record DeviceSet(AccountFact.DeviceChanged published, Device device, boolean isNew) implements AccountChange {}

    /** @param deleted whether there is no such account data any more */
    record DataSet(AccountFact.AccountDataChanged published, boolean deleted) implements AccountChange {}

    record FilterSet(AccountFact.FilterCreated published, byte[] filter) implements AccountChange {}

    /**
     * A device has a new to-device message.
     *
     * @param sentAt milliseconds since the epoch
     * @param gaveWay the numbers of the device's messages that give way to it
     */
    record ToDeviceAdded(
            ToDeviceFact.ToDeviceArrived published,
            UserId sender,
            String type,
            byte[] content,
            long sentAt,
            List<Long> gaveWay)
            implements AccountChange {}

    /**
     * A version of a key backup changed.
     *
     * @param what the change in the tables
     * @param version the version after it
     */
    record KeyBackupSet(KeyBackupFact published, BackupChange what, BackupState.Version version)
            implements AccountChange {}

    /**
     * The user's dehydrated device is another one.
     *
     * @param data null if there is none any more
     * @param session the number of the device's session
     */
    record DehydratedSet(DehydratedDeviceChanged published, byte @Nullable [] data, long session)
            implements AccountChange {}

    /** A change that is published completely. */
    record Plain(AccountFact published) implements AccountChange {}
}
