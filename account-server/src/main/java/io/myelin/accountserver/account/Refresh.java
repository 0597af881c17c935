package io.myelin.accountserver.account;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The refresh tokens of a session, as SHA-256 hashes: the one that is valid, and those that it replaced. The one before it is
 * valid too, until the newest or its access token is used: its client may never have got them. Older ones are remembered, so that using
 * one again is noticed.
 *
 * @param hashes the newest first; at least one
 * @param expiresAt when the newest ends, in milliseconds since the epoch; 0 for never
 */
public record Refresh(List<byte[]> hashes, long expiresAt) {
    /** How many tokens are remembered. */
    static final int REMEMBERED = 16;

    private static final int HASH = 32;
    private static final int VALID = 2;

    /** Stands where the token before the newest would, once the client has got the newest. It is no token's hash. */
    private static final byte[] NONE = new byte[HASH];

    /** What a token is to a session. */
    enum Standing {
        VALID,
        REPLACED,
        FOREIGN
    }

    public Refresh {
        hashes = List.copyOf(hashes);
    }

    static Refresh of(byte[] hash, long expiresAt) {
        return new Refresh(List.of(hash), expiresAt);
    }

    Standing standing(byte[] hash) {
        for (int i = 0; i < hashes.size(); i++) {
            if (Arrays.equals(hashes.get(i), hash)) {
                return i < VALID ? Standing.VALID : Standing.REPLACED;
            }
        }
        return Standing.FOREIGN;
    }

    /**
     * The tokens after a valid one was used.
     *
     * @param used the token that was presented; another that is valid is replaced with it
     */
    Refresh next(byte[] used, byte[] newest, long newestExpiresAt) {
        List<byte[]> after = new ArrayList<>();
        after.add(newest);
        after.add(used);
        hashes.stream()
                .filter(hash -> !Arrays.equals(hash, used) && !Arrays.equals(hash, NONE))
                .limit(REMEMBERED - VALID)
                .forEach(after::add);
        return new Refresh(after, newestExpiresAt);
    }

    /** Whether the client may not have got the newest tokens. */
    public boolean isUnused() {
        return hashes.size() > 1 && !Arrays.equals(hashes.get(1), NONE);
    }

    /** The tokens after the client has shown that it has got the newest. */
    Refresh used() {
        List<byte[]> after = new ArrayList<>(hashes.subList(0, Math.min(hashes.size(), REMEMBERED - 1)));
        after.add(1, NONE);
        return new Refresh(after, expiresAt);
    }

    boolean isOver(long now) {
        return expiresAt != 0 && expiresAt <= now;
    }

    /** All hashes, one after the other. */
    public byte[] toBytes() {
        byte[] bytes = new byte[hashes.size() * HASH];
        for (int i = 0; i < hashes.size(); i++) {
            System.arraycopy(hashes.get(i), 0, bytes, i * HASH, HASH);
        }
        return bytes;
    }

    /** The inverse of {@link #toBytes}; null for none. */
    public static @Nullable Refresh parse(byte @Nullable [] bytes, long expiresAt) {
        if (bytes == null) {
            return null;
        }
        List<byte[]> hashes = new ArrayList<>();
        for (int at = 0; at + HASH <= bytes.length; at += HASH) {
            hashes.add(Arrays.copyOfRange(bytes, at, at + HASH));
        }
        return new Refresh(hashes, expiresAt);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Refresh that && expiresAt == that.expiresAt && Arrays.equals(toBytes(), that.toBytes());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(toBytes());
    }
}
