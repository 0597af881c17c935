package io.myelin.clientroomsend.web;

import io.myelin.clientroomsend.purge.Administrators;
import io.myelin.clientroomsend.purge.DeleteId;
import io.myelin.clientroomsend.purge.ShutdownRequest;
import io.myelin.clientroomsend.purge.Shutdowns;
import io.myelin.clientroomsend.purge.Shutdowns.Done;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonNull;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonString;
import io.myelin.web.Body;
import java.util.Collection;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shuts rooms down through Synapse's admin API ("Delete Room"), which administrators' tools use. */
@RestController
@RequestMapping("/_synapse/admin")
public class PurgeController {
    private final Shutdowns shutdowns;
    private final ServerName server;

    public PurgeController(Shutdowns shutdowns, ServerName server) {
        this.shutdowns = shutdowns;
        this.server = server;
    }

    /** Version 1 answers when it is done. */
    @DeleteMapping("/v1/rooms/{roomId}")
    public JsonObject perform(Session session, @PathVariable RoomId roomId, @Body(optional = true) JsonObject body) {
        Administrators.require(session);
        return told(shutdowns.perform(session, roomId, ShutdownRequest.parse(body, server)));
    }

    @DeleteMapping("/v2/rooms/{roomId}")
    public JsonObject delete(Session session, @PathVariable RoomId roomId, @Body(optional = true) JsonObject body) {
        Administrators.require(session);
        ShutdownRequest request = ShutdownRequest.parse(body, server);
        return JsonObject.of("delete_id", shutdowns.begin(session, roomId, request).text());
    }

    @GetMapping("/v2/rooms/delete_status/{deleteId}")
    public JsonObject status(Session session, @PathVariable String deleteId) {
        return told(session, shutdowns.named(session, deleteId));
    }

    @GetMapping("/v2/rooms/{roomId}/delete_status")
    public JsonObject statusOf(Session session, @PathVariable RoomId roomId) {
        return JsonObject.of("results", JsonArray.of(told(session, new DeleteId(roomId))));
    }

    private JsonObject told(Session session, DeleteId shutdown) {
        Done done = shutdowns.of(session, shutdown);
        return JsonObject.builder()
                .put("delete_id", shutdown.text())
                .put("room_id", shutdown.room().value())
                .put("status", done.status().text())
                .put("shutdown_room", told(done))
                .build();
    }

    private static JsonObject told(Done done) {
        RoomId newRoom = done.newRoom();
        return JsonObject.builder()
                .put("kicked_users", texts(done.left()))
                .put("failed_to_kick_users", texts(done.still()))
                .put("local_aliases", texts(done.aliases()))
                .put("new_room_id", newRoom == null ? JsonNull.NULL : new JsonString(newRoom.value()))
                .build();
    }

    private static JsonArray texts(Collection<?> ids) {
        return new JsonArray(
                ids.stream().<Json>map(id -> new JsonString(id.toString())).toList());
    }
}
