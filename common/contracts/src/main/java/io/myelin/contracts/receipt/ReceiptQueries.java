package io.myelin.contracts.receipt;

import io.myelin.contracts.NotOffered;
import io.myelin.contracts.ShardQueries;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.List;

/** Queries of the other services to receipt-server. */
public interface ReceiptQueries extends ShardQueries<ReceiptFact> {

    /**
     * A receipt with the number of the fact that moved it there.
     *
     * @param seq in the room's shard of receipt-server
     */
    record NumberedReceipt(long seq, Receipt receipt) {}

    /**
     * @param asOf the number in the room's shard up to which the receipts are complete
     * @param receipts all receipts in the room, private ones too, in no order
     */
    record RoomReceipts(int shard, long incarnation, long asOf, List<NumberedReceipt> receipts) {}

    RoomReceipts receiptsIn(RoomId room);

    /** All receipts in a room, private ones too, in no order. */
    record ReceiptsOfRoom(RoomId room, List<NumberedReceipt> receipts) {}

    /**
     * @param asOf the number in the shard up to which the receipts are complete
     * @param rooms those of the wanted rooms that the answer holds
     */
    record ReceiptsOfRooms(long incarnation, long asOf, List<ReceiptsOfRoom> rooms) {}

    /** How many receipts an answer has at most, unless a single room has more. */
    int MOST_RECEIPTS = 20_000;

    /**
     * The receipts in several rooms of one shard, as many rooms as an answer holds. Instances of the release before do not
     * offer this.
     */
    default ReceiptsOfRooms receiptsInRooms(int shard, List<RoomId> rooms) {
        throw new NotOffered("receiptsInRooms");
    }

    /** The receipts of one user, private ones and the fully read marker too, in no order. */
    default List<NumberedReceipt> receiptsOf(RoomId room, UserId user) {
        return receiptsIn(room).receipts().stream()
                .filter(numbered -> numbered.receipt().user().equals(user))
                .toList();
    }
}
