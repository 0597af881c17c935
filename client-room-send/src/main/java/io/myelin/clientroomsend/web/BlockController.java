package io.myelin.clientroomsend.web;

import io.myelin.clientroomsend.command.RoomCommands;
import io.myelin.clientroomsend.lookup.RoomBlocks;
import io.myelin.clientroomsend.purge.Administrators;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.room.RoomAdminCommand.BlockRoom;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.Body;
import io.myelin.web.RequestFields;
import java.util.Optional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Blocks rooms through Synapse's admin API ("Block Room"), which administrators' tools use. A room need not be known here. */
@RestController
@RequestMapping("/_synapse/admin/v1/rooms/{roomId}/block")
public class BlockController {
    private final RoomCommands commands;
    private final RoomBlocks blocks;

    public BlockController(RoomCommands commands, RoomBlocks blocks) {
        this.commands = commands;
        this.blocks = blocks;
    }

    @GetMapping
    public JsonObject find(Session session, @PathVariable RoomId roomId) {
        Administrators.require(session);
        Optional<UserId> by = blocks.by(roomId);
        return by.isEmpty()
                ? JsonObject.builder().put("block", false).build()
                : JsonObject.builder()
                        .put("block", true)
                        .put("user_id", by.get().value())
                        .build();
    }

    @PutMapping
    public JsonObject set(Session session, @PathVariable RoomId roomId, @Body JsonObject body) {
        Administrators.require(session);
        RequestFields fields = RequestFields.of(body);
        if (!fields.has("block")) {
            throw fields.missing("block");
        }
        boolean blocked = fields.bool("block", false);
        commands.perform(new BlockRoom(roomId, session.user(), blocked));
        return JsonObject.builder().put("block", blocked).build();
    }
}
