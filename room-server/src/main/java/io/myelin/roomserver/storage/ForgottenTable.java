package io.myelin.roomserver.storage;

import static io.myelin.postgres.Column.of;

import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomFact.RoomForgotten;
import io.myelin.engine.Numbered;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of rooms that users have forgotten. */
public final class ForgottenTable {

    final TableRows rows = TableRows.upsert(
            "forgotten",
            3,
            of("shard", Type.INT),
            of("user_id", Type.TEXT),
            of("room_id", Type.TEXT),
            of("seq", Type.LONG));

    void write(int shard, long seq, RoomForgotten fact) {
        rows.add(shard, fact.user().value(), fact.room().value(), seq);
    }

    /** The newest facts of these users, one for each room that they forgot. */
    List<Numbered<RoomFact>> facts(JdbcClient jdbc, int shard, String[] users) {
        return jdbc.sql("SELECT seq, room_id, user_id FROM forgotten WHERE shard = ? AND user_id = ANY (?)")
                .params(shard, users)
                .query((row, _) -> new Numbered<RoomFact>(
                        row.getLong(1), new RoomForgotten(new RoomId(row.getString(2)), new UserId(row.getString(3)))))
                .list();
    }
}
