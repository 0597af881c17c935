package io.myelin.matrix.crypto;

import java.util.Base64;

/** Base64 without '=' at its end, in the standard and the URL-safe alphabet. Appendices, "Unpadded Base64". */
public final class UnpaddedBase64 {
    private static final Base64.Encoder STANDARD = Base64.getEncoder().withoutPadding();
    private static final Base64.Encoder URL_SAFE = Base64.getUrlEncoder().withoutPadding();

    private UnpaddedBase64() {}

    public static String encode(byte[] bytes) {
        return STANDARD.encodeToString(bytes);
    }

    public static String encodeUrlSafe(byte[] bytes) {
        return URL_SAFE.encodeToString(bytes);
    }

    /**
     * Reads the standard alphabet, with or without padding.
     *
     * @throws IllegalArgumentException if the text is not base64
     */
    public static byte[] decode(String text) {
        return Base64.getDecoder().decode(text);
    }

    /**
     * Reads the URL-safe alphabet, with or without padding.
     *
     * @throws IllegalArgumentException if the text is not base64
     */
    public static byte[] decodeUrlSafe(String text) {
        return Base64.getUrlDecoder().decode(text);
    }
}
