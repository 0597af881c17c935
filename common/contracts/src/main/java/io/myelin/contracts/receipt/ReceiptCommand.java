package io.myelin.contracts.receipt;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.myelin.matrix.id.RoomId;
import java.util.List;

/** What somebody wants of receipt-server. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind", defaultImpl = ReceiptCommand.Unknown.class)
@JsonSubTypes(@JsonSubTypes.Type(value = ReceiptCommand.SetReceipts.class, name = "set"))
public sealed interface ReceiptCommand {

    /**
     * Moves receipts forward; those that would move backward stay where they are, and that is no error.
     *
     * @param receipts of one user, who is in the room; their events are in it
     */
    record SetReceipts(RoomId room, List<Receipt> receipts) implements ReceiptCommand {}

    /** A kind of a later release: answered as unsupported. */
    record Unknown() implements ReceiptCommand {}
}
