package io.myelin.accountserver.account;

/** How much one user's keys of end-to-end encryption may be. */
public final class KeyLimits {

    /** The largest size of a device's keys, as the client uploads them. */
    public static final int DEVICE_KEYS_BYTES = 8 << 10;

    /** The largest size of a one-time key or a fallback key. */
    public static final int KEY_BYTES = 2 << 10;

    /** How many one-time keys a device may have that nobody has claimed. Clients keep about 50 to 100. */
    public static final int ONE_TIME_KEYS = 1_000;

    /** Of how many claimed one-time keys of a device it is remembered that they were claimed. */
    public static final int CLAIMED_KEYS = 1_000;

    /** How many algorithms a device may have fallback keys of. */
    public static final int FALLBACK_KEYS = 10;

    /** The longest algorithm name, and the longest ID of a key. */
    public static final int NAME_LENGTH = 255;

    /** The largest size of a cross-signing key with its signatures. */
    public static final int CROSS_SIGNING_KEY_BYTES = 32 << 10;

    /** How many other users' master keys one user may sign. */
    public static final int SIGNED_USERS = 5_000;

    private KeyLimits() {}
}
