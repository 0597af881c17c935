package io.myelin.clientroomsend.web;

import io.myelin.clientroomsend.purge.DeleteId;
import io.myelin.clientroomsend.purge.PurgeRequest;
import io.myelin.clientroomsend.purge.RoomPurges;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.Body;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Purges rooms through Synapse's admin API (version 2 of "Delete Room"), which administrators' tools use. */
@RestController
@RequestMapping("/_synapse/admin/v2/rooms")
public class PurgeController {
    private final RoomPurges purges;

    public PurgeController(RoomPurges purges) {
        this.purges = purges;
    }

    @DeleteMapping("/{roomId}")
    public JsonObject delete(Session session, @PathVariable RoomId roomId, @Body(optional = true) JsonObject body) {
        PurgeRequest.check(body);
        return JsonObject.of("delete_id", purges.begin(session, roomId).text());
    }

    @GetMapping("/delete_status/{deleteId}")
    public JsonObject status(Session session, @PathVariable String deleteId) {
        return told(session, purges.named(session, deleteId));
    }

    @GetMapping("/{roomId}/delete_status")
    public JsonObject statusOf(Session session, @PathVariable RoomId roomId) {
        return JsonObject.of("results", JsonArray.of(told(session, new DeleteId(roomId))));
    }

    private JsonObject told(Session session, DeleteId purge) {
        return JsonObject.builder()
                .put("delete_id", purge.text())
                .put("room_id", purge.room().value())
                .put("status", purges.status(session, purge).text())
                .build();
    }
}
