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
}
