package io.myelin.clientroomsend.web;

import io.myelin.clientroomsend.create.RoomRequest;
import io.myelin.clientroomsend.create.Rooms;
import io.myelin.clientroomsend.membership.ThirdPartyInvites;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.web.NoGuests;
import io.myelin.web.NoSuspended;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /createRoom}. */
@RestController
public class CreateRoomController {
    private final Rooms rooms;
    private final ThirdPartyInvites thirdPartyInvites;
    private final RoomVersion defaultVersion;
    private final Supplier<String> defaultPreset;

    public CreateRoomController(
            Rooms rooms,
            ThirdPartyInvites thirdPartyInvites,
            RoomVersion defaultVersion,
            Supplier<String> defaultPreset) {
        this.rooms = rooms;
        this.thirdPartyInvites = thirdPartyInvites;
        this.defaultVersion = defaultVersion;
        this.defaultPreset = defaultPreset;
    }

    @NoGuests
    @NoSuspended
    @PostMapping({"/_matrix/client/v3/createRoom", "/_matrix/client/r0/createRoom"})
    public JsonObject createRoom(Session session, JsonObject body) {
        var request = RoomRequest.parse(body, defaultVersion, defaultPreset.get());
        List<ThirdPartyInvites.Request> invites = ThirdPartyInvites.Request.ofNewRoom(body);
        List<ThirdPartyInvites.Resolved> resolved = thirdPartyInvites.resolve(session, invites);
        RoomId room = rooms.create(session, request);
        thirdPartyInvites.intoNewRoom(session, room, resolved);
        return JsonObject.of("room_id", room.value());
    }
}
