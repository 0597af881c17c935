package io.myelin.clientsync.sync;

import io.myelin.contracts.receipt.Receipt;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.web.JsonWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An {@code m.receipt} event: receipts by event, by type, by user. It can hold only one receipt of each event, type and
 * user. If a user has one for a thread and one without at the same event, the second stands in an event of its own.
 */
final class ReceiptEvent {
    static final String TYPE = "m.receipt";

    private final Map<EventId, Map<String, Map<UserId, Receipt>>> receipts = new LinkedHashMap<>();

    private ReceiptEvent() {}

    /** The fewest events that hold these receipts: one, except in the case above; none if there are no receipts. */
    static List<ReceiptEvent> of(List<Receipt> receipts) {
        List<ReceiptEvent> events = new ArrayList<>();
        for (Receipt receipt : receipts) {
            if (events.stream().noneMatch(event -> event.takes(receipt))) {
                ReceiptEvent another = new ReceiptEvent();
                another.takes(receipt);
                events.add(another);
            }
        }
        return events;
    }

    private boolean takes(Receipt receipt) {
        Receipt before = receipts.computeIfAbsent(receipt.event(), _ -> new LinkedHashMap<>())
                .computeIfAbsent(receipt.type(), _ -> new LinkedHashMap<>())
                .putIfAbsent(receipt.user(), receipt);
        return before == null;
    }

    /** @param room to name in the event; null not to */
    void write(JsonWriter out, @Nullable RoomId room) {
        out.beginObject().field("type", TYPE);
        out.fieldIfPresent("room_id", room == null ? null : room.value());
        out.name("content").beginObject();
        receipts.forEach((event, byType) -> {
            out.name(event.value()).beginObject();
            byType.forEach((type, byUser) -> {
                out.name(type).beginObject();
                byUser.forEach((user, receipt) -> {
                    out.name(user.value()).beginObject().field("ts", receipt.timestamp());
                    out.fieldIfPresent("thread_id", receipt.thread()).endObject();
                });
                out.endObject();
            });
            out.endObject();
        });
        out.endObject().endObject();
    }
}
