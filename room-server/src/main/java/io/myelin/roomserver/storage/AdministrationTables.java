package io.myelin.roomserver.storage;

import static io.myelin.postgres.Column.of;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.room.RoomShutdown;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import io.myelin.roomserver.room.RoomChange.BlockSet;
import io.myelin.roomserver.room.RoomChange.ShutdownNoted;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The tables of blocked rooms and of rooms that were shut down. Both outlive the rooms. */
public final class AdministrationTables {

    final TableRows blocked = TableRows.upsert(
            "blocked_room",
            2,
            of("shard", Type.INT),
            of("room_id", Type.TEXT),
            of("blocked_by", Type.TEXT),
            of("seq", Type.LONG));
    final TableRows unblocked = TableRows.deleteOlder(
            "blocked_room", 2, of("shard", Type.INT), of("room_id", Type.TEXT), of("seq", Type.LONG));
    final TableRows shutdowns = TableRows.upsert(
            "shutdown",
            2,
            of("shard", Type.INT),
            of("room_id", Type.TEXT),
            of("seq", Type.LONG),
            of("details", Type.BYTES));

    void write(int shard, long seq, BlockSet block) {
        UserId by = block.by();
        if (by == null) {
            unblocked.add(shard, block.room().value(), seq);
        } else {
            blocked.add(shard, block.room().value(), by.value(), seq);
        }
    }

    void write(int shard, long seq, ShutdownNoted noted) {
        shutdowns.add(shard, noted.room().value(), seq, Cbor.encode(noted.shutdown()));
    }

    /** The administrator who has blocked a room. */
    public Optional<UserId> blockedBy(JdbcClient jdbc, int shard, RoomId room) {
        return room.value().indexOf('\0') >= 0
                ? Optional.empty()
                : jdbc.sql("SELECT blocked_by FROM blocked_room WHERE shard = ? AND room_id = ?")
                        .params(shard, room.value())
                        .query((row, _) -> new UserId(row.getString(1)))
                        .optional();
    }

    /** The newest shutdown of a room of this ID. */
    public Optional<RoomShutdown> shutdownOf(JdbcClient jdbc, int shard, RoomId room) {
        return room.value().indexOf('\0') >= 0
                ? Optional.empty()
                : jdbc.sql("SELECT details FROM shutdown WHERE shard = ? AND room_id = ?")
                        .params(shard, room.value())
                        .query((row, _) -> Cbor.decode(row.getBytes(1), RoomShutdown.class))
                        .optional();
    }
}
