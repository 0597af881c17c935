package io.myelin.clientroomsend.web;

import io.myelin.clientroomsend.upgrade.UpgradeRequest;
import io.myelin.clientroomsend.upgrade.Upgrades;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.NoGuests;
import io.myelin.web.NoSuspended;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /rooms/{roomId}/upgrade}. */
@RestController
public class UpgradeController {
    private final Upgrades upgrades;

    public UpgradeController(Upgrades upgrades) {
        this.upgrades = upgrades;
    }

    @NoGuests
    @NoSuspended
    @PostMapping({"/_matrix/client/v3/rooms/{roomId}/upgrade", "/_matrix/client/r0/rooms/{roomId}/upgrade"})
    public JsonObject upgrade(Session session, @PathVariable RoomId roomId, JsonObject body) {
        RoomId replacement = upgrades.upgrade(session, roomId, UpgradeRequest.parse(body));
        return JsonObject.of("replacement_room", replacement.value());
    }
}
