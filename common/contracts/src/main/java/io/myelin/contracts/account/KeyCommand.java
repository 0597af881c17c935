package io.myelin.contracts.account;

import io.myelin.matrix.id.UserId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command about the keys of end-to-end encryption. Keys and signatures were checked as far as they do not depend on what
 * is stored. Client-server API, "End-to-End Encryption".
 */
public sealed interface KeyCommand extends AccountCommand {

    /**
     * A one-time key, or a fallback key.
     *
     * @param id the key's ID without its algorithm
     * @param key JSON: an object or a string
     */
    record DeviceKey(String algorithm, String id, byte[] key) {}

    /**
     * Publishes keys of a device.
     *
     * @param deviceKeys the JSON object; null to leave it as it is
     */
    record UploadKeys(
            UserId user,
            String device,
            byte @Nullable [] deviceKeys,
            List<DeviceKey> oneTimeKeys,
            List<DeviceKey> fallbackKeys)
            implements KeyCommand {}

    /** Which key of which device is wanted. */
    record Claim(UserId user, String device, String algorithm) {}

    /**
     * Claims one key for each claim, where there is one.
     *
     * @param user any of them; the shard of this user has all users of the claims
     */
    record ClaimKeys(UserId user, List<Claim> claims) implements KeyCommand {}

    /**
     * Publishes cross-signing keys, each a JSON object or null to leave it as it is.
     *
     * @param authenticated whether the user has proven again who they are, as is needed to replace a key
     */
    record SetCrossSigningKeys(
            UserId user,
            byte @Nullable [] master,
            byte @Nullable [] selfSigning,
            byte @Nullable [] userSigning,
            boolean authenticated)
            implements KeyCommand {}

    /**
     * A valid signature.
     *
     * @param keyId of the key that made it, with its algorithm
     * @param publicKey that key, in base64
     * @param signature in base64
     */
    record KeySignature(String keyId, String publicKey, String signature) {}

    /**
     * A device's keys or a master key with signatures by the user of the command.
     *
     * @param owner whose key it is
     * @param target the device ID, or the master key in base64
     * @param signed what was signed: canonical JSON without signatures
     */
    record SignedKey(UserId owner, String target, byte[] signed, List<KeySignature> signatures) {}

    /** Adds signatures to keys of the user, and to master keys of others. */
    record AddSignatures(UserId user, List<SignedKey> keys) implements KeyCommand {}
}
