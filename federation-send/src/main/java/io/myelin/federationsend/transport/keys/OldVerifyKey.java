package io.myelin.federationsend.transport.keys;

import io.myelin.matrix.crypto.VerifyKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A key that a server used to sign with.
 *
 * @param expired when the server stopped using it
 */
public record OldVerifyKey(String keyId, VerifyKey key, Instant expired) {
    private static final Pattern CONFIGURED = Pattern.compile("(ed25519:\\w+)=([A-Za-z0-9+/]+)@(\\d+)");

    /**
     * Parses the setting {@code federation.old-verify-keys}.
     *
     * @throws IllegalArgumentException if the text is not {@code ed25519:id=key@ms}, or several of these separated by
     *     commas
     */
    public static List<OldVerifyKey> parseList(@Nullable String setting) {
        return setting == null
                ? List.of()
                : Arrays.stream(setting.strip().split("\\s*,\\s*", -1))
                        .map(OldVerifyKey::parse)
                        .toList();
    }

    private static OldVerifyKey parse(String text) {
        Matcher parts = CONFIGURED.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no old key such as ed25519:id=key@ms.");
        }
        return new OldVerifyKey(
                parts.group(1),
                VerifyKey.fromBase64(parts.group(2)),
                Instant.ofEpochMilli(Long.parseLong(parts.group(3))));
    }
}
