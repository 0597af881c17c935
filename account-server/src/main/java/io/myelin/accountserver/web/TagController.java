package io.myelin.accountserver.web;

import io.myelin.accountserver.account.DatumLookup;
import io.myelin.accountserver.account.EntityKey;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonDecimal;
import io.myelin.matrix.json.JsonNumber;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.web.Body;
import io.myelin.web.JsonResponse;
import io.myelin.web.MatrixException;
import io.myelin.web.NoGuests;
import java.nio.charset.StandardCharsets;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** A user's tags of rooms. Client-server API, "Room Tagging". */
@RestController
@RequestMapping({
    "/_matrix/client/v3/user/{userId}/rooms/{roomId}/tags",
    "/_matrix/client/r0/user/{userId}/rooms/{roomId}/tags"
})
public class TagController {
    private static final int MAX_TAG_BYTES = 255;

    private final Commands commands;
    private final DatumLookup data;

    public TagController(Commands commands, DatumLookup data) {
        this.commands = commands;
        this.data = data;
    }

    @GetMapping
    JsonObject tags(Session session, @PathVariable UserId userId, @PathVariable RoomId roomId) {
        Commands.requireSelf(session, userId);
        JsonObject tags = data.find(userId, roomId, EntityKey.TAGS)
                .flatMap(content ->
                        JsonParser.parseObject(content, DatumLookup.KEPT).object("tags"))
                .orElse(JsonObject.EMPTY);
        return JsonObject.of("tags", tags);
    }

    @NoGuests
    @PutMapping("/{tag}")
    JsonResponse set(
            Session session,
            @PathVariable UserId userId,
            @PathVariable RoomId roomId,
            @PathVariable String tag,
            @Body(optional = true, decimals = true) JsonObject body) {
        Commands.requireSelf(session, userId);
        if (tag.getBytes(StandardCharsets.UTF_8).length > MAX_TAG_BYTES) {
            throw new MatrixException(MatrixError.invalidParam("A tag has at most " + MAX_TAG_BYTES + " bytes."));
        }
        Json order = body.get("order");
        if (order != null && !(order instanceof JsonNumber) && !(order instanceof JsonDecimal)) {
            throw new MatrixException(MatrixError.badJson("'order' must be a number."));
        }
        commands.execute(new AccountCommand.SetTag(userId, roomId, tag, CanonicalJson.encode(body)));
        return JsonResponse.DONE;
    }

    @NoGuests
    @DeleteMapping("/{tag}")
    JsonResponse delete(
            Session session, @PathVariable UserId userId, @PathVariable RoomId roomId, @PathVariable String tag) {
        Commands.requireSelf(session, userId);
        commands.execute(new AccountCommand.SetTag(userId, roomId, tag, null));
        return JsonResponse.DONE;
    }
}
