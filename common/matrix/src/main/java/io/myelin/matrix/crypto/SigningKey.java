package io.myelin.matrix.crypto;

import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** A server's Ed25519 key with its signing key identifier, such as {@code ed25519:abc}. Safe for use by many threads. */
public final class SigningKey {
    private static final Pattern KEY_ID = Pattern.compile("ed25519:[a-zA-Z0-9_]+");

    private final String keyId;
    private final byte[] seed;
    private final byte[] publicKey;

    private SigningKey(String keyId, byte[] seed) {
        if (!KEY_ID.matcher(keyId).matches()) {
            throw new IllegalArgumentException("'" + keyId
                    + "' is not a signing key identifier: it must be 'ed25519:' and then letters, digits and '_'.");
        }
        if (seed.length != BouncyEd25519.SEED_SIZE) {
            throw new IllegalArgumentException("The seed of an Ed25519 key has " + BouncyEd25519.SEED_SIZE
                    + " bytes, this one has " + seed.length + ".");
        }
        this.keyId = keyId;
        this.seed = seed;
        this.publicKey = BouncyEd25519.publicKey(seed);
    }

    /** A new key from this source, which outside of tests is a {@link java.security.SecureRandom}. */
    public static SigningKey generate(String keyId, RandomGenerator random) {
        byte[] seed = new byte[BouncyEd25519.SEED_SIZE];
        random.nextBytes(seed);
        return new SigningKey(keyId, seed);
    }

    /**
     * The key of this seed, in the form of {@link #seedBase64}.
     *
     * @throws IllegalArgumentException if the identifier or the base64 of the 32 byte seed is wrong
     */
    public static SigningKey fromSeed(String keyId, String seedBase64) {
        return new SigningKey(keyId, UnpaddedBase64.decode(seedBase64));
    }

    public String keyId() {
        return keyId;
    }

    /** The secret seed, as unpadded base64. */
    public String seedBase64() {
        return UnpaddedBase64.encode(seed);
    }

    public VerifyKey verifyKey() {
        return VerifyKey.of(publicKey);
    }

    /** The 64 bytes of the signature. */
    public byte[] sign(byte[] message) {
        return BouncyEd25519.sign(seed, publicKey, message);
    }

    /** The identifier and the public key, never the secret. */
    @Override
    public String toString() {
        return keyId + " " + UnpaddedBase64.encode(publicKey);
    }
}
