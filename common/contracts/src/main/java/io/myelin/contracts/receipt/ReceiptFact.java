package io.myelin.contracts.receipt;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;

/** A fact that receipt-server publishes. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind", defaultImpl = ReceiptFact.Unknown.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = ReceiptFact.ReceiptMoved.class, name = "moved"),
    @JsonSubTypes.Type(value = ReceiptFact.ReceiptsDropped.class, name = "dropped"),
})
public sealed interface ReceiptFact {

    /** A user has read further. Private receipts are published too; the reader decides who may see them. */
    record ReceiptMoved(RoomId room, Receipt receipt) implements ReceiptFact {}

    /** A user's receipts in a room are deleted, since the room is purged. */
    record ReceiptsDropped(RoomId room, UserId user) implements ReceiptFact {}

    /** A fact of a later release; readers skip it. */
    record Unknown() implements ReceiptFact {}
}
