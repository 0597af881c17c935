package io.myelin.clientroomsend.create;

import io.myelin.clientroomsend.command.RoomCommands;
import io.myelin.contracts.account.Profile;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.CreateRoom;
import io.myelin.matrix.crypto.Sha256;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.MatrixException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;

/**
 * Creates rooms of which there is one for each pair of a creator and another user. The room's ID follows from these, so that
 * of several requests one creates it. Only a room up to version 11 has an ID that can be chosen.
 */
public final class FixedRooms {
    private static final String VERSION = "11";
    private static final int ID_LETTERS = 18;
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private final RoomCommands commands;
    private final InstantSource clock;

    public FixedRooms(RoomCommands commands, InstantSource clock) {
        this.commands = commands;
        this.clock = clock;
    }

    /** The ID of the room of a creator for another user. */
    public static RoomId id(UserId creator, UserId other) {
        byte[] hash = Sha256.hash((creator + "\n" + other).getBytes(StandardCharsets.UTF_8));
        var id = new StringBuilder("!");
        for (int i = 0; i < ID_LETTERS; i++) {
            id.append(LETTERS.charAt((hash[i] & 0xFF) % LETTERS.length()));
        }
        return RoomId.parse(id.append(':').append(creator.serverName()).toString());
    }

    /**
     * Creates the room, unless there is one already.
     *
     * @param body as of {@code POST /createRoom}, without an alias and invitees
     */
    public RoomId create(UserId creator, Profile profile, UserId other, JsonObject body) {
        RoomId id = id(creator, other);
        RoomRequest request = RoomRequest.parse(body, RoomRequest.version(VERSION), "private_chat");
        JsonObject levels = request.powerLevels();
        var command = new CreateRoom(
                id,
                new Requester(creator, null, null),
                profile,
                VERSION,
                CanonicalJson.encode(CreationContent.complete(request, creator, "")),
                clock.millis(),
                request.preset(),
                false,
                false,
                null,
                request.name(),
                request.topic(),
                levels == null ? null : CanonicalJson.encode(levels),
                request.initialState(),
                List.of());
        if (commands.execute(command, null) instanceof RoomAnswer.Refused refused
                && !refused.error().errcode().equals("M_ROOM_IN_USE")) {
            throw new MatrixException(refused.error());
        }
        return id;
    }
}
