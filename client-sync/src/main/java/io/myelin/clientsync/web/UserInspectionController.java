package io.myelin.clientsync.web;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.contracts.account.AccountQueries.AccountDatum;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomQueries.UserRoom;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.web.JsonWriter;
import io.myelin.web.MatrixException;
import io.myelin.web.StreamedJson;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What administrators see of a user's rooms and account data. Synapse's admin API ("User Admin API"). */
@RestController
@RequestMapping("/_synapse/admin/v1/users/{userId}")
public class UserInspectionController {
    private final ServerName server;
    private final RoomQueries rooms;
    private final AccountQueries accounts;
    private final LargeAnswers largeAnswers;

    public UserInspectionController(
            ServerName server, RoomQueries rooms, AccountQueries accounts, LargeAnswers largeAnswers) {
        this.server = server;
        this.rooms = rooms;
        this.accounts = accounts;
        this.largeAnswers = largeAnswers;
    }

    @GetMapping("/joined_rooms")
    StreamedJson joinedRooms(Session session, @PathVariable UserId userId) {
        List<UserRoom> joined = roomsOf(session, userId).stream()
                .filter(room -> room.membership().equals("join"))
                .toList();
        return largeAnswers.of(session.user(), out -> {
            out.beginObject().name("joined_rooms").beginArray();
            joined.forEach(room -> out.value(room.room().value()));
            out.endArray().field("total", joined.size()).endObject();
        });
    }

    @GetMapping("/memberships")
    StreamedJson memberships(Session session, @PathVariable UserId userId) {
        List<UserRoom> all = roomsOf(session, userId);
        return largeAnswers.of(session.user(), out -> {
            out.beginObject().name("memberships").beginObject();
            all.forEach(room -> out.field(room.room().value(), room.membership()));
            out.endObject().endObject();
        });
    }

    private List<UserRoom> roomsOf(Session session, UserId user) {
        requireAdministrator(session);
        return rooms.roomsOf(user).rooms().stream()
                .sorted(Comparator.comparing(room -> room.room().value()))
                .toList();
    }

    @GetMapping("/accountdata")
    StreamedJson accountData(Session session, @PathVariable UserId userId) {
        requireAdministrator(session);
        if (!userId.isOn(server)) {
            throw new MatrixException(MatrixError.invalidParam("The user does not belong to this server."));
        }
        if (accounts.profile(userId).isEmpty()) {
            throw new MatrixException(404, "M_NOT_FOUND", "There is no such user.");
        }
        List<AccountDatum> global = new ArrayList<>();
        Map<String, List<AccountDatum>> byRoom = new TreeMap<>();
        for (AccountDatum item : accounts.accountData(userId).items()) {
            RoomId room = item.room();
            (room == null ? global : byRoom.computeIfAbsent(room.value(), _ -> new ArrayList<>())).add(item);
        }
        return largeAnswers.of(session.user(), out -> {
            out.beginObject().name("account_data").beginObject();
            write(out, "global", global);
            out.name("rooms").beginObject();
            byRoom.forEach((room, items) -> write(out, room, items));
            out.endObject().endObject().endObject();
        });
    }

    private static void write(JsonWriter out, String name, List<AccountDatum> items) {
        out.name(name).beginObject();
        items.forEach(item -> out.field(item.type(), item.content()));
        out.endObject();
    }

    private static void requireAdministrator(Session session) {
        if (!session.admin()) {
            throw new MatrixException(MatrixError.forbidden("Only administrators of this server can do this."));
        }
    }
}
