package io.myelin.matrix.crypto;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The public half of an Ed25519 key. */
public final class VerifyKey {
    private final byte[] publicKey;

    private VerifyKey(byte[] publicKey) {
        this.publicKey = publicKey;
    }

    /**
     * The key of these raw bytes.
     *
     * @throws IllegalArgumentException if these are not 32 bytes
     */
    public static VerifyKey of(byte[] publicKey) {
        if (publicKey.length != BouncyEd25519.PUBLIC_KEY_SIZE) {
            throw new IllegalArgumentException("An Ed25519 public key has " + BouncyEd25519.PUBLIC_KEY_SIZE
                    + " bytes, these are " + publicKey.length + ".");
        }
        return new VerifyKey(publicKey.clone());
    }

    /**
     * The key as Matrix writes it in JSON.
     *
     * @throws IllegalArgumentException if the text is not base64, or not of 32 bytes
     */
    public static VerifyKey fromBase64(String publicKey) {
        return of(UnpaddedBase64.decode(publicKey));
    }

    /** The key as Matrix writes it in JSON; empty if the text is not base64, or not of 32 bytes. */
    public static Optional<VerifyKey> tryFromBase64(String publicKey) {
        try {
            return Optional.of(fromBase64(publicKey));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The 32 raw bytes. */
    public byte[] toBytes() {
        return publicKey.clone();
    }

    public String toBase64() {
        return UnpaddedBase64.encode(publicKey);
    }

    /** Whether this key signed this message; false for a signature of the wrong length too. */
    public boolean verify(byte[] message, byte[] signature) {
        return signature.length == BouncyEd25519.SIGNATURE_SIZE && BouncyEd25519.verify(publicKey, message, signature);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VerifyKey that && Arrays.equals(publicKey, that.publicKey);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(publicKey);
    }

    @Override
    public String toString() {
        return toBase64();
    }
}
