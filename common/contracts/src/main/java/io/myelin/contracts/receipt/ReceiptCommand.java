package io.myelin.contracts.receipt;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.myelin.contracts.EntityMessage;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.List;

/** A command to receipt-server. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind", defaultImpl = ReceiptCommand.Unknown.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = ReceiptCommand.SetReceipts.class, name = "set"),
    @JsonSubTypes.Type(value = ReceiptCommand.DropReceipts.class, name = "drop"),
})
public sealed interface ReceiptCommand {

    sealed interface OfRoom extends ReceiptCommand, EntityMessage {
        RoomId room();

        @Override
        default String entity() {
            return room().value();
        }
    }

    /**
     * Moves receipts forward; those that would move backward stay where they are, and that is no error.
     *
     * @param receipts the receipts of one user, who is in the room; their events are in it too
     */
    record SetReceipts(RoomId room, List<Receipt> receipts) implements OfRoom {}

    /**
     * Deletes all receipts of some users in a room, since the room is purged.
     *
     * @param users as the room's state named them; a name that is no user ID has no receipts
     */
    record DropReceipts(RoomId room, List<UserId> users) implements OfRoom {}

    /** A command of a later release; it is answered as unsupported. */
    record Unknown() implements ReceiptCommand {}
}
