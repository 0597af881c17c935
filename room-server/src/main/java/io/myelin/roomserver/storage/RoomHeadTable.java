package io.myelin.roomserver.storage;

import static io.myelin.postgres.Column.of;

import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import io.myelin.roomserver.room.RoomHead;
import io.myelin.roomserver.state.EventNumbers;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of heads: where rooms that have forked go on. */
final class RoomHeadTable {

    final TableRows rows = TableRows.upsert(
            "room_head",
            2,
            of("shard", Type.INT),
            of("room", Type.LONG),
            of("seq", Type.LONG),
            of("state", Type.LONG),
            of("extremities", Type.BYTES),
            of("resolved", Type.BYTES));

    void write(int shard, long seq, long room, @Nullable RoomHead head) {
        if (head != null) {
            rows.add(
                    shard,
                    room,
                    seq,
                    head.state(),
                    EventNumbers.of(head.extremities()).toBytes(),
                    EventNumbers.of(head.resolved()).toBytes());
        }
    }

    /** Empty if the room goes on from its newest event. */
    Optional<RoomHead> find(JdbcClient jdbc, int shard, long room, long newestEvent) {
        return jdbc.sql("SELECT state, extremities, resolved FROM room_head WHERE shard = ? AND room = ? AND seq >= ?")
                .params(shard, room, newestEvent)
                .query((row, _) -> new RoomHead(
                        EventNumbers.parse(row.getBytes("extremities")).toList(),
                        row.getLong("state"),
                        EventNumbers.parse(row.getBytes("resolved")).toList()))
                .optional();
    }
}
