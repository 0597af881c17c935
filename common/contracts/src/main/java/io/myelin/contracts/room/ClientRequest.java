package io.myelin.contracts.room;

import org.jspecify.annotations.Nullable;

/**
 * The request that made an event, for {@code unsigned.transaction_id}.
 *
 * @param transactionId of the request, where it has one
 */
public record ClientRequest(
        @Nullable String device, @Nullable String transactionId) {

    /** No client asked for the event, or the request is not known. */
    public static final ClientRequest NONE = new ClientRequest(null, null);

    public static ClientRequest of(@Nullable String device, @Nullable String transactionId) {
        return device == null && transactionId == null ? NONE : new ClientRequest(device, transactionId);
    }

    /** Begins the transaction ID of an event that was scheduled for later (MSC4140). */
    private static final String DELAYED = "\u0001delayed ";

    /** What stands for the transaction ID of an event that was scheduled for later. */
    public static String delayedTransaction(String delayId) {
        return DELAYED + delayId;
    }

    /** The ID by which its sender knows an event that was scheduled for later; null for other events. */
    public @Nullable String delayId() {
        return transactionId != null && transactionId.startsWith(DELAYED)
                ? transactionId.substring(DELAYED.length())
                : null;
    }
}
