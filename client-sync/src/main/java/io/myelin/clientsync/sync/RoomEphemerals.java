package io.myelin.clientsync.sync;

import io.myelin.clientsync.filter.EventFilter;
import io.myelin.contracts.account.AccountQueries.AccountDatum;
import io.myelin.contracts.receipt.Receipt;
import io.myelin.contracts.receipt.ReceiptQueries.NumberedReceipt;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.web.JsonWriter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The receipts and the typing that one answer tells of a room. Client-server API, "Receipts", "Fully read markers" and
 * "Typing Notifications".
 *
 * @param receipts new ones that the viewer may see, fully read markers too
 * @param typing the whole list, also if it has become empty; null if it has not changed
 */
public record RoomEphemerals(
        List<NumberedReceipt> receipts, @Nullable List<UserId> typing) {
    static final String TYPING = "m.typing";
    public static final RoomEphemerals NONE = new RoomEphemerals(List.of(), null);

    RoomEphemerals withTyping(List<UserId> users) {
        return new RoomEphemerals(receipts, users);
    }

    /** The part that the filter lets pass. The fully read marker always stays, because it is account data. */
    RoomEphemerals filtered(RoomId room, EventFilter filter) {
        if (filter == EventFilter.ALL) {
            return this;
        }
        Integer most = filter.limit();
        int limit = !filter.acceptsRoom(room) ? 0 : most == null ? Integer.MAX_VALUE : most;
        boolean receiptsPass = limit > 0 && filter.acceptsType(ReceiptEvent.TYPE);
        List<NumberedReceipt> left = receipts.stream()
                .filter(receipt -> isMarker(receipt)
                        || receiptsPass
                                && filter.acceptsSender(receipt.receipt().user()))
                .toList();
        boolean receiptsTold = left.stream().anyMatch(receipt -> !isMarker(receipt));
        boolean typingPasses = limit > (receiptsTold ? 1 : 0) && filter.acceptsType(TYPING);
        List<UserId> typists = typing == null || !typingPasses
                ? null
                : typing.stream().filter(filter::acceptsSender).toList();
        return new RoomEphemerals(left, typists);
    }

    private static boolean isMarker(NumberedReceipt receipt) {
        return receipt.receipt().type().equals(Receipt.FULLY_READ);
    }

    /** The viewer's marker as room account data. */
    Optional<AccountDatum> fullyRead(RoomId room) {
        return receipts.stream().filter(RoomEphemerals::isMarker).findAny().map(marker -> {
            JsonWriter content = new JsonWriter(96);
            content.beginObject()
                    .field("event_id", marker.receipt().event().value())
                    .endObject();
            return new AccountDatum(room, Receipt.FULLY_READ, content.toBytes(), marker.seq());
        });
    }

    public boolean tellsNothing() {
        return typing == null && receipts.stream().allMatch(RoomEphemerals::isMarker);
    }

    /** Writes the section {@code ephemeral}. */
    void write(JsonWriter out) {
        out.name("ephemeral").beginObject().name("events").beginArray();
        writeReceipts(out, null);
        writeTyping(out, null);
        out.endArray().endObject();
    }

    /** @param room to name in the events; null not to */
    public void writeReceipts(JsonWriter out, @Nullable RoomId room) {
        for (ReceiptEvent event : ReceiptEvent.of(receipts.stream()
                .filter(receipt -> !isMarker(receipt))
                .map(NumberedReceipt::receipt)
                .toList())) {
            event.write(out, room);
        }
    }

    /** @param room to name in the event; null not to */
    public void writeTyping(JsonWriter out, @Nullable RoomId room) {
        if (typing != null) {
            out.beginObject().field("type", TYPING);
            out.fieldIfPresent("room_id", room == null ? null : room.value());
            out.name("content").beginObject();
            out.name("user_ids").beginArray();
            typing.forEach(user -> out.value(user.value()));
            out.endArray().endObject().endObject();
        }
    }
}
