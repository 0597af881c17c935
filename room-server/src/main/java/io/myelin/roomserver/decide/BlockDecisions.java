package io.myelin.roomserver.decide;

import io.myelin.contracts.Position;
import io.myelin.contracts.room.RoomAdminCommand.BlockRoom;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Moment;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.roomserver.room.Absent;
import io.myelin.roomserver.room.BlockedRoom;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.Refusal;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.room.RoomEntity;
import java.util.List;
import java.util.Map;

/** Blocks rooms. A block is an entity of its own, since the room need not be known, and outlives the room. */
final class BlockDecisions {

    List<Handler<?>> handlers() {
        return List.of(
                Handler.of(BlockRoom.class, block -> List.of(EntityKey.ofBlock(block.room())), BlockDecisions::block));
    }

    /** @throws Refusal 403 if the room is blocked */
    static void requireUnblocked(Known known, RoomId room) {
        if (known.block(room).isPresent()) {
            throw new Refusal(403, "M_FORBIDDEN", "This room has been blocked on this server.");
        }
    }

    private static Decision<RoomEntity, RoomChange> block(Known known, BlockRoom command, Moment moment) {
        RoomId room = command.room();
        if (known.block(room).isPresent() == command.blocked()) {
            return Outcome.already(room, Outcome.before(moment));
        }
        UserId by = command.by();
        return Outcome.done(
                room,
                Map.of(EntityKey.ofBlock(room), command.blocked() ? new BlockedRoom(by) : new Absent()),
                List.of(new RoomChange.BlockSet(room, command.blocked() ? by : null)),
                new Position(moment.shard(), moment.incarnation(), moment.seq()),
                List.of());
    }
}
