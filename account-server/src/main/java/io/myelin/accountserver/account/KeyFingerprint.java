package io.myelin.accountserver.account;

import io.myelin.matrix.crypto.Sha256;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import java.util.Arrays;

/** What is kept of a one-time key that was claimed: zero, and a part of the hash of what was signed. */
public final class KeyFingerprint {
    private static final int HASH_BYTES = 16;

    private KeyFingerprint() {}

    static byte[] of(byte[] key) {
        byte[] print = new byte[1 + HASH_BYTES];
        System.arraycopy(Sha256.hash(unsigned(key)), 0, print, 1, HASH_BYTES);
        return print;
    }

    /** Whether these bytes are a fingerprint; JSON never begins with zero. */
    public static boolean is(byte[] content) {
        return content.length > 0 && content[0] == 0;
    }

    /** Whether two keys differ in nothing but their signatures. */
    static boolean isSame(byte[] one, byte[] other) {
        return Arrays.equals(one, other) || Arrays.equals(unsigned(one), unsigned(other));
    }

    private static byte[] unsigned(byte[] key) {
        Json json = JsonParser.parse(key);
        return json instanceof JsonObject object
                ? CanonicalJson.encode(object.without("signatures").without("unsigned"))
                : key;
    }
}
