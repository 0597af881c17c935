package io.myelin.clientroomsend.web;

import io.myelin.clientroomsend.directory.Listing;
import io.myelin.clientroomsend.directory.PublicRooms;
import io.myelin.clientroomsend.directory.PublicRoomsQuery;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.Body;
import io.myelin.web.JsonResponse;
import io.myelin.web.MatrixException;
import io.myelin.web.NoGuests;
import io.myelin.web.NoSuspended;
import io.myelin.web.RequestFields;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The published room directory. Reading it needs no account. */
@RestController
@RequestMapping({"/_matrix/client/v3", "/_matrix/client/r0"})
public class DirectoryController {
    private final PublicRooms publicRooms;
    private final Listing listing;
    private final ServerName server;

    public DirectoryController(PublicRooms publicRooms, Listing listing, ServerName server) {
        this.publicRooms = publicRooms;
        this.listing = listing;
        this.server = server;
    }

    @GetMapping("/publicRooms")
    public JsonObject list(
            @RequestParam(name = "limit", required = false) @Nullable Long limit,
            @RequestParam(name = "since", required = false) @Nullable String since,
            @RequestParam(name = "server", required = false) @Nullable String of) {
        requireOurs(of);
        return publicRooms.page(PublicRoomsQuery.of(limit, since));
    }

    @PostMapping("/publicRooms")
    public JsonObject query(
            Session session,
            @RequestParam(name = "server", required = false) @Nullable String of,
            @Body(optional = true) JsonObject body) {
        requireOurs(of);
        return publicRooms.page(PublicRoomsQuery.parse(body));
    }

    @GetMapping("/directory/list/room/{roomId}")
    public JsonObject visibility(@PathVariable RoomId roomId) {
        return JsonObject.of("visibility", listing.isPublished(roomId) ? "public" : "private");
    }

    @NoGuests
    @NoSuspended
    @PutMapping("/directory/list/room/{roomId}")
    public JsonResponse setVisibility(
            Session session, @PathVariable RoomId roomId, @Body(optional = true) JsonObject body) {
        var fields = RequestFields.of(body);
        boolean published = switch (fields.string("visibility", "public")) {
            case "public" -> true;
            case "private" -> false;
            default -> throw fields.refused("visibility", "must be public or private");
        };
        listing.publish(session, roomId, published);
        return JsonResponse.DONE;
    }

    private void requireOurs(@Nullable String of) {
        if (of != null && !ServerName.parse(of).equals(server)) {
            throw new MatrixException(
                    MatrixError.notFound("This server cannot ask other servers, so it knows only its own rooms."));
        }
    }
}
