package io.myelin.roomserver.storage;

import static io.myelin.postgres.Column.of;

import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomFact.DirectoryVisibilityChanged;
import io.myelin.engine.Numbered;
import io.myelin.matrix.id.RoomId;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of the room directory. */
public final class DirectoryTable {

    final TableRows rows = TableRows.upsert(
            "directory",
            2,
            of("shard", Type.INT),
            of("room_id", Type.TEXT),
            of("published", Type.BOOLEAN),
            of("seq", Type.LONG));

    void write(int shard, long seq, DirectoryVisibilityChanged fact) {
        rows.add(shard, fact.room().value(), fact.published(), seq);
    }

    /** The newest fact of each of these rooms. */
    List<Numbered<RoomFact>> facts(JdbcClient jdbc, int shard, String[] rooms) {
        return jdbc.sql("SELECT seq, room_id, published FROM directory WHERE shard = ? AND room_id = ANY (?)")
                .params(shard, rooms)
                .query((row, _) -> new Numbered<RoomFact>(
                        row.getLong(1),
                        new DirectoryVisibilityChanged(new RoomId(row.getString(2)), row.getBoolean(3))))
                .list();
    }

    /** The published rooms in the order of their IDs, beginning after {@code after}. */
    public List<RoomId> published(JdbcClient jdbc, @Nullable RoomId after, int limit) {
        return jdbc.sql("SELECT room_id FROM directory WHERE published AND room_id > ? ORDER BY room_id LIMIT ?")
                .params(after == null ? "" : after.value(), limit)
                .query((row, _) -> new RoomId(row.getString(1)))
                .list();
    }
}
