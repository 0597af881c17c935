package io.myelin.contracts.account;

import io.myelin.matrix.id.UserId;
import java.util.List;
import java.util.Map;

/** A fact about the keys of end-to-end encryption. Keys themselves are asked for. */
public sealed interface KeyFact extends AccountFact {
    @Override
    UserId user();

    /** A user's devices, their keys or the user's cross-signing keys have changed, as anybody can see. */
    record DeviceListChanged(UserId user) implements KeyFact {}

    /**
     * Something about keys has changed that the user alone can see: their signature on somebody's master key, or their
     * user-signing key.
     *
     * @param signed whose keys the user should query again; the user's own ID for the user-signing key
     */
    record UserSigned(UserId user, UserId signed) implements KeyFact {}

    /**
     * A device has other one-time or fallback keys.
     *
     * @param oneTimeKeys how many unclaimed ones there are, by algorithm
     * @param unusedFallbackKeys the algorithms of fallback keys that were not given to anybody
     */
    record KeyCountsChanged(
            UserId user, String device, Map<String, Integer> oneTimeKeys, List<String> unusedFallbackKeys)
            implements KeyFact {}
}
