package io.myelin.web.session;

import io.myelin.matrix.crypto.Sha256;
import io.myelin.matrix.crypto.UnpaddedBase64;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/**
 * An access token: {@code mye_<localpart>_<random>_<checksum>}. The localpart (URL-safe base64) tells which shard knows
 * the token. With the checksum, scanners find leaked tokens, and the server refuses invented ones without a query. The
 * random part, 142 bits, authenticates. Only the token's hash is stored.
 *
 * <p>A refresh token has the same form, and the prefix {@code myr_}.
 */
public record AccessToken(UserId user, String text) {
    private static final String PREFIX = "mye_";
    private static final String REFRESH_PREFIX = "myr_";
    private static final int RANDOM_LENGTH = 24;
    private static final int CHECKSUM_LENGTH = 6;
    private static final String BASE_62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final String BEARER = "Bearer ";

    /** @param random a generator that is fit for secrets */
    public static AccessToken make(UserId user, RandomGenerator random) {
        return make(PREFIX, user, random);
    }

    /** A token that is exchanged for new tokens. Client-server API, "Refreshing access tokens". */
    public static AccessToken makeRefreshToken(UserId user, RandomGenerator random) {
        return make(REFRESH_PREFIX, user, random);
    }

    private static AccessToken make(String prefix, UserId user, RandomGenerator random) {
        StringBuilder text = new StringBuilder(prefix)
                .append(UnpaddedBase64.encodeUrlSafe(user.localpart().getBytes(StandardCharsets.UTF_8)))
                .append('_');
        for (int i = 0; i < RANDOM_LENGTH; i++) {
            text.append(BASE_62.charAt(random.nextInt(BASE_62.length())));
        }
        String checksum = checksum(text);
        return new AccessToken(user, text.append('_').append(checksum).toString());
    }

    /** Reads a token of this server; empty if it cannot be one. */
    public static Optional<AccessToken> parse(String text, ServerName server) {
        return parse(PREFIX, text, server);
    }

    /** Reads a refresh token of this server; empty if it cannot be one. */
    public static Optional<AccessToken> parseRefreshToken(String text, ServerName server) {
        return parse(REFRESH_PREFIX, text, server);
    }

    private static Optional<AccessToken> parse(String prefix, String text, ServerName server) {
        int checksumAt = text.lastIndexOf('_') + 1;
        int randomAt = checksumAt == 0 ? 0 : text.lastIndexOf('_', checksumAt - 2) + 1;
        boolean wellFormed = text.startsWith(prefix)
                && randomAt > prefix.length() + 1
                && checksumAt - randomAt == RANDOM_LENGTH + 1
                && text.length() - checksumAt == CHECKSUM_LENGTH;
        if (!wellFormed || !checksum(text.subSequence(0, checksumAt - 1)).equals(text.substring(checksumAt))) {
            return Optional.empty();
        }
        try {
            byte[] localpart = UnpaddedBase64.decodeUrlSafe(text.substring(prefix.length(), randomAt - 1));
            CharBuffer decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(localpart));
            return Optional.of(new AccessToken(UserId.of(decoded.toString(), server), text));
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** The token that a request carries, in its {@code Authorization} or its query. */
    public static Optional<String> in(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        if (header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Optional.of(header.substring(BEARER.length()).strip());
        }
        return Optional.ofNullable(request.getParameter("access_token"));
    }

    /** SHA-256 of the token, the only part that is stored. */
    public byte[] hash() {
        return Sha256.hash(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Names the token's user, not the token. */
    @Override
    public String toString() {
        return text.substring(0, PREFIX.length()) + "… of " + user;
    }

    private static String checksum(CharSequence text) {
        CRC32 crc = new CRC32();
        crc.update(text.toString().getBytes(StandardCharsets.UTF_8));
        long rest = crc.getValue();
        char[] digits = new char[CHECKSUM_LENGTH];
        for (int i = CHECKSUM_LENGTH - 1; i >= 0; i--) {
            digits[i] = BASE_62.charAt((int) (rest % BASE_62.length()));
            rest /= BASE_62.length();
        }
        return new String(digits);
    }
}
