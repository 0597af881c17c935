package io.myelin.accountserver.web;

import io.myelin.accountserver.account.DatumLookup;
import io.myelin.accountserver.clientconfig.ClientAccountData;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.Body;
import io.myelin.web.JsonResponse;
import io.myelin.web.MatrixException;
import io.myelin.web.NoGuests;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/** A user's account data, global or of a room. Client-server API, "Client Config"; deletion: MSC3391. */
@RestController
public class AccountDataController {
    private static final String V3 = "/_matrix/client/v3/user/{userId}";
    private static final String R0 = "/_matrix/client/r0/user/{userId}";
    private static final String UNSTABLE = "/_matrix/client/unstable/org.matrix.msc3391/user/{userId}";
    private static final String GLOBAL = "/account_data/{type}";
    private static final String OF_ROOM = "/rooms/{roomId}/account_data/{type}";

    private static final int MAX_TYPE = 255;

    private final Commands commands;
    private final DatumLookup data;

    public AccountDataController(Commands commands, DatumLookup data) {
        this.commands = commands;
        this.data = data;
    }

    @GetMapping({V3 + GLOBAL, R0 + GLOBAL})
    byte[] global(Session session, @PathVariable UserId userId, @PathVariable String type) {
        return find(session, userId, null, type);
    }

    @GetMapping({V3 + OF_ROOM, R0 + OF_ROOM})
    byte[] ofRoom(
            Session session, @PathVariable UserId userId, @PathVariable RoomId roomId, @PathVariable String type) {
        return find(session, userId, roomId, type);
    }

    @NoGuests
    @PutMapping({V3 + GLOBAL, R0 + GLOBAL})
    JsonResponse setGlobal(
            Session session,
            @PathVariable UserId userId,
            @PathVariable String type,
            @Body(decimals = true) JsonObject body) {
        return set(session, userId, null, type, body);
    }

    @NoGuests
    @PutMapping({V3 + OF_ROOM, R0 + OF_ROOM})
    JsonResponse setOfRoom(
            Session session,
            @PathVariable UserId userId,
            @PathVariable RoomId roomId,
            @PathVariable String type,
            @Body(decimals = true) JsonObject body) {
        return set(session, userId, roomId, type, body);
    }

    @NoGuests
    @DeleteMapping(UNSTABLE + GLOBAL)
    JsonResponse deleteGlobal(Session session, @PathVariable UserId userId, @PathVariable String type) {
        return set(session, userId, null, type, null);
    }

    @NoGuests
    @DeleteMapping(UNSTABLE + OF_ROOM)
    JsonResponse deleteOfRoom(
            Session session, @PathVariable UserId userId, @PathVariable RoomId roomId, @PathVariable String type) {
        return set(session, userId, roomId, type, null);
    }

    private byte[] find(Session session, UserId user, @Nullable RoomId room, String type) {
        Commands.requireSelf(session, user);
        return data.find(user, room, type)
                .orElseThrow(() -> new MatrixException(MatrixError.notFound("There is no such account data.")));
    }

    private JsonResponse set(
            Session session, UserId user, @Nullable RoomId room, String type, @Nullable JsonObject content) {
        Commands.requireSelf(session, user);
        if (ClientAccountData.isManaged(type)) {
            throw new MatrixException(405, "M_BAD_JSON", "'" + type + "' cannot be set here.");
        }
        if (type.length() > MAX_TYPE) {
            throw new MatrixException(MatrixError.invalidParam("A type has at most " + MAX_TYPE + " characters."));
        }
        commands.execute(new AccountCommand.SetAccountData(
                user, room, type, content == null ? null : CanonicalJson.encode(content)));
        return JsonResponse.DONE;
    }
}
