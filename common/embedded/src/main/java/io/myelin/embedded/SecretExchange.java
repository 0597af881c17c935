package io.myelin.embedded;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How two sides prove to each other that they know a secret, without sending it. The client sends a nonce. The server
 * answers with its own nonce and an HMAC-SHA256 of both. If that is right, the client sends another HMAC-SHA256 of
 * both.
 */
final class SecretExchange {
    static final int NONCE_BYTES = 32;
    private static final String ALGORITHM = "HmacSHA256";
    private static final SecureRandom RANDOM = new SecureRandom();

    private SecretExchange() {}

    /**
     * The side that a proof comes from; it is part of the HMAC, so that one side's proof is not valid for the other.
     */
    enum Side {
        CLIENT,
        SERVER
    }

    static byte[] nonce() {
        var nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        return nonce;
    }

    static byte[] proof(char[] secret, Side side, byte[] clientNonce, byte[] serverNonce) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(new String(secret).getBytes(StandardCharsets.UTF_8), ALGORITHM));
            mac.update(side.name().getBytes(StandardCharsets.US_ASCII));
            mac.update(clientNonce);
            return mac.doFinal(serverNonce);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
        }
    }

    static boolean isProof(byte[] given, char[] secret, Side side, byte[] clientNonce, byte[] serverNonce) {
        return MessageDigest.isEqual(given, proof(secret, side, clientNonce, serverNonce));
    }

    /** The server's answer to the client's nonce. */
    static byte[] answer(char[] secret, byte[] clientNonce, byte[] serverNonce) {
        var proof = proof(secret, Side.SERVER, clientNonce, serverNonce);
        var answer = Arrays.copyOf(serverNonce, serverNonce.length + proof.length);
        System.arraycopy(proof, 0, answer, serverNonce.length, proof.length);
        return answer;
    }
}
