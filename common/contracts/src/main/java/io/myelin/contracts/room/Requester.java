package io.myelin.contracts.room;

import io.myelin.matrix.id.UserId;
import org.jspecify.annotations.Nullable;

/**
 * The user who makes a request, with the request's data that readers need for {@code unsigned.transaction_id}.
 *
 * @param transactionId of the request, where it has one
 */
public record Requester(
        UserId user, @Nullable String device, @Nullable String transactionId) {}
