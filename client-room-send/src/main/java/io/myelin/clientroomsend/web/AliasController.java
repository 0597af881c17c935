package io.myelin.clientroomsend.web;

import io.myelin.clientroomsend.directory.Aliases;
import io.myelin.clientroomsend.send.Events;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.JsonResponse;
import io.myelin.web.NoGuests;
import io.myelin.web.NoSuspended;
import io.myelin.web.RequestFields;
import java.util.List;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Room aliases. Resolving an alias needs no account. */
@RestController
@RequestMapping({"/_matrix/client/v3", "/_matrix/client/r0"})
public class AliasController {
    private final Aliases aliases;
    private final Events events;
    private final ServerName server;

    public AliasController(Aliases aliases, Events events, ServerName server) {
        this.aliases = aliases;
        this.events = events;
        this.server = server;
    }

    @GetMapping("/directory/room/{roomAlias}")
    public JsonObject find(@PathVariable RoomAlias roomAlias) {
        return JsonObject.builder()
                .put("room_id", aliases.find(roomAlias).value())
                .put("servers", JsonArray.ofStrings(List.of(server.value())))
                .build();
    }

    @NoGuests
    @NoSuspended
    @PutMapping("/directory/room/{roomAlias}")
    public JsonResponse create(Session session, @PathVariable RoomAlias roomAlias, JsonObject body) {
        RoomId room = RoomId.parse(RequestFields.of(body).requiredString("room_id"));
        aliases.create(session, roomAlias, room);
        return JsonResponse.DONE;
    }

    @NoGuests
    @NoSuspended
    @DeleteMapping("/directory/room/{roomAlias}")
    public JsonResponse delete(Session session, @PathVariable RoomAlias roomAlias) {
        RoomId room = aliases.delete(session, roomAlias);
        events.forgetAlias(session, room, roomAlias);
        return JsonResponse.DONE;
    }

    @GetMapping("/rooms/{roomId}/aliases")
    public JsonObject ofRoom(Session session, @PathVariable RoomId roomId) {
        List<String> texts =
                aliases.of(session, roomId).stream().map(RoomAlias::value).toList();
        return JsonObject.of("aliases", JsonArray.ofStrings(texts));
    }
}
