package io.myelin.accountserver.account;

/**
 * How much one user may keep here. What exceeds a limit is refused; what makes it less is always allowed, so that a user
 * who has more than a limit that was lowered can get below it. Items and filters count as long as they have a row: those
 * that were deleted too.
 *
 * @param itemBytes of one item of account data, and of all tags of one room
 * @param dataBytes of all account data together
 * @param items of account data, global and of rooms
 * @param tags of one room
 * @param filters that are different
 * @param devices that are logged in; a further one takes the place of the one that logged in longest ago
 */
public record AccountLimits(int itemBytes, long dataBytes, int items, int tags, int filters, int devices) {
    /** The largest that {@link #itemBytes} may be: so a fact is well below the 2 MB of a record. */
    public static final int MAX_ITEM_BYTES = 512 << 10;

    /** Of one filter. */
    static final int FILTER_BYTES = 64 << 10;

    /** Of all filters together. */
    static final long FILTERS_BYTES = 4 << 20;

    public AccountLimits {
        if (itemBytes > MAX_ITEM_BYTES) {
            throw new IllegalArgumentException("An item of account data has at most " + MAX_ITEM_BYTES + " bytes.");
        }
    }
}
