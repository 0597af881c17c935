package io.myelin.accountserver.account;

import io.myelin.matrix.id.UserId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The public keys of a user. Keys are canonical JSON.
 *
 * @param devices by device ID
 * @param crossSigning by usage, with their signatures
 * @param signedUsers which master keys of others the user has signed
 */
public record UserKeys(
        Map<String, OfDevice> devices, Map<Usage, byte[]> crossSigning, Map<UserId, SignedMaster> signedUsers)
        implements UserState {
    public static final UserKeys NONE = new UserKeys(Map.of(), Map.of(), Map.of());
    private static final int ITEM = 250;

    /** What a cross-signing key is used for. Client-server API, "Cross-signing". */
    public enum Usage {
        MASTER("master"),
        SELF_SIGNING("self_signing"),
        USER_SIGNING("user_signing");

        private final String text;

        Usage(String text) {
            this.text = text;
        }

        /** As the specification writes it. */
        public String text() {
            return text;
        }

        public static Usage of(String text) {
            for (Usage usage : values()) {
                if (usage.text.equals(text)) {
                    return usage;
                }
            }
            throw new IllegalArgumentException("There is no cross-signing key for " + text);
        }
    }

    /**
     * The keys of a device.
     *
     * @param uploaded as the device uploaded them
     * @param signature by the user's self-signing key; null if there is none
     */
    public record OfDevice(byte[] uploaded, @Nullable KeySignature signature) {}

    /**
     * A signature that was added later.
     *
     * @param keyId of the key that made it, with its algorithm
     * @param signature in base64
     */
    public record KeySignature(String keyId, String signature) {}

    /**
     * A signature on another user's master key.
     *
     * @param key the signed master key, in base64
     */
    public record SignedMaster(String key, KeySignature signature) {}

    public UserKeys {
        devices = Map.copyOf(devices);
        crossSigning = Map.copyOf(crossSigning);
        signedUsers = Map.copyOf(signedUsers);
    }

    byte @Nullable [] crossSigning(Usage usage) {
        return crossSigning.get(usage);
    }

    UserKeys withDevice(String device, @Nullable OfDevice keys) {
        Map<String, OfDevice> changed = new HashMap<>(devices);
        if (keys == null) {
            changed.remove(device);
        } else {
            changed.put(device, keys);
        }
        return new UserKeys(changed, crossSigning, signedUsers);
    }

    UserKeys withCrossSigning(Usage usage, byte[] key) {
        Map<Usage, byte[]> changed = new HashMap<>(crossSigning);
        changed.put(usage, key);
        return new UserKeys(devices, changed, signedUsers);
    }

    UserKeys withoutCrossSigning(Usage usage) {
        Map<Usage, byte[]> changed = new HashMap<>(crossSigning);
        changed.remove(usage);
        return new UserKeys(devices, changed, signedUsers);
    }

    UserKeys withSigned(UserId user, SignedMaster signed) {
        Map<UserId, SignedMaster> changed = new HashMap<>(signedUsers);
        changed.put(user, signed);
        return new UserKeys(devices, crossSigning, changed);
    }

    @Override
    public long weight() {
        long bytes = ITEM;
        for (OfDevice device : devices.values()) {
            bytes += 2 * ITEM + device.uploaded().length;
        }
        for (byte[] key : crossSigning.values()) {
            bytes += ITEM + key.length;
        }
        return bytes + signedUsers.size() * 2L * ITEM;
    }
}
