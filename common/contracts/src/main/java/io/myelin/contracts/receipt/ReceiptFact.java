package io.myelin.contracts.receipt;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;

/** What receipt-server publishes. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind", defaultImpl = ReceiptFact.Unknown.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = ReceiptFact.ReceiptMoved.class, name = "moved"),
    @JsonSubTypes.Type(value = ReceiptFact.ReceiptsDropped.class, name = "dropped"),
})
public sealed interface ReceiptFact {

    /** A user has read further. Private ones travel too: who may see them is the reader's to decide. */
    record ReceiptMoved(RoomId room, Receipt receipt) implements ReceiptFact {}

    /** A user has no receipts in a room any more: the room is purged. */
    record ReceiptsDropped(RoomId room, UserId user) implements ReceiptFact {}

    /** A kind of a later release: readers pass on. */
    record Unknown() implements ReceiptFact {}
}
