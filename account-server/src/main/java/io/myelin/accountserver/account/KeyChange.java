package io.myelin.accountserver.account;

import io.myelin.accountserver.account.OneTimeKeys.FallbackKey;
import io.myelin.accountserver.account.OneTimeKeys.OneTimeKey;
import io.myelin.accountserver.account.UserKeys.OfDevice;
import io.myelin.accountserver.account.UserKeys.SignedMaster;
import io.myelin.accountserver.account.UserKeys.Usage;
import io.myelin.contracts.account.KeyFact;
import io.myelin.matrix.id.UserId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A change of a user's keys. */
public sealed interface KeyChange extends AccountChange {
    @Override
    KeyFact published();

    /** A row of a user's public keys; a null value deletes it. */
    sealed interface Row {
        record DeviceKeys(String device, @Nullable OfDevice keys) implements Row {}

        record CrossSigningKey(Usage usage, byte @Nullable [] key) implements Row {}

        record SignedUser(UserId user, @Nullable SignedMaster signed) implements Row {}
    }

    /** Public keys have changed. */
    record KeysSet(KeyFact published, List<Row> rows) implements KeyChange {}

    /**
     * A device's one-time or fallback keys have changed.
     *
     * @param keys that are new, and fingerprints in the place of those that were claimed
     * @param forgotten fingerprints that are not kept any more
     */
    record OneTimeKeysSet(
            KeyFact.KeyCountsChanged published,
            List<OneTimeKey> keys,
            List<FallbackKey> fallback,
            List<OneTimeKey> forgotten)
            implements KeyChange {}
}
