package io.myelin.matrix.crypto;

import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** Ed25519 (RFC 8032) on raw keys; the only class that uses BouncyCastle. */
final class BouncyEd25519 {
    static final int SEED_SIZE = Ed25519.SECRET_KEY_SIZE;
    static final int PUBLIC_KEY_SIZE = Ed25519.PUBLIC_KEY_SIZE;
    static final int SIGNATURE_SIZE = Ed25519.SIGNATURE_SIZE;

    private BouncyEd25519() {}

    static byte[] publicKey(byte[] seed) {
        byte[] publicKey = new byte[PUBLIC_KEY_SIZE];
        Ed25519.generatePublicKey(seed, 0, publicKey, 0);
        return publicKey;
    }

    /** Takes the public key too: deriving it again would double the cost. */
    static byte[] sign(byte[] seed, byte[] publicKey, byte[] message) {
        byte[] signature = new byte[SIGNATURE_SIZE];
        Ed25519.sign(seed, 0, publicKey, 0, message, 0, message.length, signature, 0);
        return signature;
    }

    static boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
        return Ed25519.verify(signature, 0, publicKey, 0, message, 0, message.length);
    }
}
