package io.myelin.accountserver.authentication;

import io.myelin.matrix.crypto.Sha256;
import io.myelin.matrix.crypto.UnpaddedBase64;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Issues tickets that only this server can make, each for one purpose and a limited time: {@code
 * <random>.<expiry>.<HMAC-SHA256>}. Tickets are not stored: any instance can verify one, even after a restart.
 */
public final class Tickets {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int RANDOM_BYTES = 12;

    private final SecretKeySpec key;
    private final InstantSource clock;
    private final RandomGenerator random;

    /** @param secret shared by all instances */
    public Tickets(byte[] secret, InstantSource clock, RandomGenerator random) {
        key = new SecretKeySpec(Sha256.hash(secret), ALGORITHM);
        this.clock = clock;
        this.random = random;
    }

    public String issue(String purpose, Duration validity) {
        byte[] nonce = new byte[RANDOM_BYTES];
        random.nextBytes(nonce);
        String content = UnpaddedBase64.encodeUrlSafe(nonce) + "."
                + clock.instant().plus(validity).getEpochSecond();
        return content + "." + seal(purpose, content);
    }

    /** Whether the ticket was issued for this purpose and is still valid. */
    public boolean accepts(String purpose, String ticket) {
        int sealAt = ticket.lastIndexOf('.');
        int expiryAt = ticket.lastIndexOf('.', sealAt - 1);
        if (sealAt < 0 || expiryAt < 0) {
            return false;
        }
        String content = ticket.substring(0, sealAt);
        byte[] expected = seal(purpose, content).getBytes(StandardCharsets.UTF_8);
        byte[] given = ticket.substring(sealAt + 1).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(expected, given)
                && Long.parseLong(content.substring(expiryAt + 1))
                        >= clock.instant().getEpochSecond();
    }

    /** Whether the ticket has expired, or is no ticket at all. */
    public boolean isOver(String ticket) {
        String[] parts = ticket.split("\\.", -1);
        if (parts.length != 3) {
            return true;
        }
        try {
            return Long.parseLong(parts[1]) < clock.instant().getEpochSecond();
        } catch (NumberFormatException notATicket) {
            return true;
        }
    }

    /** The command ID for an accepted ticket. It is the same for every request that uses the ticket. */
    public UUID commandOf(String ticket) {
        long expiryMillis = 1000 * Long.parseLong(ticket.split("\\.", -1)[1]);
        ByteBuffer hash = ByteBuffer.wrap(Sha256.hash(ticket.getBytes(StandardCharsets.UTF_8)));
        // A UUIDv7: the time in it determines how long the command's answer is kept.
        long first = (expiryMillis << 16) | 0x7000 | (hash.getLong() & 0xFFF);
        long second = (hash.getLong() >>> 2) | (1L << 63);
        return new UUID(first, second);
    }

    private String seal(String purpose, String content) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(purpose.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return UnpaddedBase64.encodeUrlSafe(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
        }
    }
}
