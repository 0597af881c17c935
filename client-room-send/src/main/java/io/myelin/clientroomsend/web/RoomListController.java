package io.myelin.clientroomsend.web;

import io.myelin.clientroomsend.directory.Aliases;
import io.myelin.clientroomsend.purge.Administrators;
import io.myelin.clientroomsend.purge.RoomAdmins;
import io.myelin.clientroomsend.purge.RoomList;
import io.myelin.clientroomsend.purge.RoomList.Page;
import io.myelin.clientroomsend.purge.RoomList.Wanted;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonNumber;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonObjectBuilder;
import io.myelin.web.Body;
import io.myelin.web.JsonResponse;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Lists rooms through Synapse's admin API ("List Room", "Room Details"), which administrators' tools use. */
@RestController
@RequestMapping("/_synapse/admin/v1/rooms")
public class RoomListController {
    private static final int MOST = 1_000;

    private final RoomList rooms;
    private final RoomAdmins admins;
    private final Aliases aliases;

    public RoomListController(RoomList rooms, RoomAdmins admins, Aliases aliases) {
        this.rooms = rooms;
        this.admins = admins;
        this.aliases = aliases;
    }

    @GetMapping
    public JsonObject list(
            Session session,
            @RequestParam(defaultValue = "0") long from,
            @RequestParam(defaultValue = "100") int limit,
            @RequestParam(name = "order_by", defaultValue = "name") String order,
            @RequestParam(defaultValue = "f") String dir,
            @RequestParam(name = "search_term", required = false) @Nullable String search,
            @RequestParam(name = "public_rooms", required = false) @Nullable Boolean published,
            @RequestParam(name = "empty_rooms", required = false) @Nullable Boolean empty) {
        Administrators.require(session);
        if (from < 0 || from > JsonNumber.MAX || limit < 0) {
            throw new MatrixException(MatrixError.invalidParam("'from' and 'limit' must not be negative, nor beyond what JSON has."));
        }
        if (!dir.equals("b") && !dir.equals("f")) {
            throw new MatrixException(MatrixError.invalidParam("'dir' must be b or f."));
        }
        if (search != null && search.isEmpty()) {
            throw new MatrixException(MatrixError.invalidParam("'search_term' must not be empty."));
        }
        int most = Math.min(limit, MOST);
        Page page = rooms.page(new Wanted(from, most, order, dir.equals("b"), search, published, empty));
        JsonObjectBuilder answer = JsonObject.builder()
                .put("rooms", new JsonArray(List.copyOf(page.rooms())))
                .put("offset", from)
                .put("total_rooms", page.total());
        if (from + page.rooms().size() < page.total() && !page.rooms().isEmpty()) {
            answer.put("next_batch", from + page.rooms().size());
        }
        if (from > 0) {
            answer.put("prev_batch", Math.max(0, from - most));
        }
        return answer.build();
    }

    @GetMapping("/{roomId}")
    public JsonObject details(Session session, @PathVariable RoomId roomId) {
        Administrators.require(session);
        return rooms.details(roomId);
    }

    /** Without a user, the requester gets the power. */
    @PostMapping("/{roomIdOrAlias}/make_room_admin")
    public JsonResponse makeAdmin(
            Session session, @PathVariable String roomIdOrAlias, @Body(optional = true) JsonObject body) {
        Administrators.require(session);
        RequestFields fields = RequestFields.of(body);
        String user = fields.string("user_id", session.user().value());
        admins.make(
                session,
                aliases.resolve(roomIdOrAlias),
                UserId.tryParse(user).orElseThrow(() -> fields.refused("user_id", "must be a user ID")));
        return JsonResponse.DONE;
    }
}
