package io.myelin.clientroomsend.web;

import io.myelin.clientroomsend.receipt.Receipts;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.receipt.Receipt;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.JsonNull;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonString;
import io.myelin.web.Body;
import io.myelin.web.JsonResponse;
import io.myelin.web.MatrixException;
import io.myelin.web.NoGuests;
import io.myelin.web.RequestFields;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Receipts and read markers. */
@RestController
@RequestMapping({"/_matrix/client/v3/rooms/{roomId}", "/_matrix/client/r0/rooms/{roomId}"})
public class ReceiptController {
    private static final List<String> MARKERS = List.of(Receipt.FULLY_READ, Receipt.PUBLIC, Receipt.PRIVATE);

    private final Receipts receipts;

    public ReceiptController(Receipts receipts) {
        this.receipts = receipts;
    }

    @NoGuests
    @PostMapping("/receipt/{receiptType}/{eventId}")
    public JsonResponse receipt(
            Session session,
            @PathVariable RoomId roomId,
            @PathVariable String receiptType,
            @PathVariable EventId eventId,
            @Body(optional = true, decimals = true) JsonObject body) {
        receipts.set(session, roomId, receiptType, eventId, thread(body));
        return JsonResponse.DONE;
    }

    @NoGuests
    @PostMapping("/read_markers")
    public JsonResponse readMarkers(
            Session session, @PathVariable RoomId roomId, @Body(decimals = true) JsonObject body) {
        RequestFields fields = RequestFields.of(body);
        Map<String, EventId> markers = new LinkedHashMap<>();
        for (String type : MARKERS) {
            String event = fields.string(type);
            if (event != null) {
                markers.put(type, EventId.parse(event));
            }
        }
        receipts.set(session, roomId, markers);
        return JsonResponse.DONE;
    }

    /** Clients without a thread send {@code null} or leave the field out. */
    private static @Nullable String thread(JsonObject body) {
        return switch (body.get("thread_id")) {
            case null -> null;
            case JsonNull _ -> null;
            case JsonString(String thread) -> thread;
            default -> throw new MatrixException(MatrixError.invalidParam("'thread_id' must be a string."));
        };
    }
}
