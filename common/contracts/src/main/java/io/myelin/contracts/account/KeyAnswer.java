package io.myelin.contracts.account;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Position;
import io.myelin.matrix.id.UserId;
import java.util.List;
import java.util.Map;

/** How account-server answers a {@link KeyCommand}. */
public sealed interface KeyAnswer extends AccountAnswer {

    /** The keys are stored. @param oneTimeKeys how many unclaimed ones the device has, by algorithm */
    record KeysStored(Position at, Map<String, Integer> oneTimeKeys) implements KeyAnswer {}

    /**
     * A key that belongs to the claimer alone, unless it is a fallback key.
     *
     * @param key JSON: an object or a string
     */
    record ClaimedKey(UserId user, String device, String algorithm, String id, byte[] key) {}

    record KeysClaimed(Position at, List<ClaimedKey> keys) implements KeyAnswer {}

    /** The keys would replace others, which needs proof of who the user is. */
    record ProofNeeded(Position at) implements KeyAnswer {}

    /** A key whose signatures were not added. */
    record SignatureFailure(UserId owner, String target, MatrixError error) {}

    /** All signatures were added except these. */
    record SignaturesAdded(Position at, List<SignatureFailure> failures) implements KeyAnswer {}
}
