package io.myelin.accountserver.account;

/**
 * How much one user may keep. A change that exceeds a limit is refused. A change that reduces what is kept is always
 * allowed, so that a user can get below a limit that was lowered. Items and filters count as long as they have a row, even
 * when deleted.
 *
 * @param itemBytes of one item of account data, and of all tags of one room
 * @param dataBytes of all account data together
 * @param items of account data, global and of rooms
 * @param tags of one room
 * @param filters different ones
 * @param devices that are logged in; a further login logs out the device that logged in longest ago
 */
public record AccountLimits(int itemBytes, long dataBytes, int items, int tags, int filters, int devices) {
    /** The upper bound for {@link #itemBytes}; it keeps a fact well below the 2 MB of a Kafka record. */
    public static final int MAX_ITEM_BYTES = 512 << 10;

    /** The largest size of one filter. */
    static final int FILTER_BYTES = 64 << 10;

    /** The largest size of all filters of a user together. */
    static final long FILTERS_BYTES = 4 << 20;

    public AccountLimits {
        if (itemBytes > MAX_ITEM_BYTES) {
            throw new IllegalArgumentException("An item of account data has at most " + MAX_ITEM_BYTES + " bytes.");
        }
    }
}
