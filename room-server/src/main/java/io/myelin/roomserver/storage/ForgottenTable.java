package io.myelin.roomserver.storage;

import static io.myelin.postgres.Column.of;

import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomFact.RoomForgotten;
import io.myelin.engine.Numbered;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

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

    /** Of the users named, the facts that still stand. */
    List<Numbered<RoomFact>> facts(Connection connection, int shard, String[] users) throws SQLException {
        return new Sql(
                        connection,
                        "SELECT seq, room_id, user_id FROM forgotten WHERE shard = ? AND user_id = ANY (?)",
                        shard,
                        users)
                .list(row -> new Numbered<>(
                        row.getLong(1), new RoomForgotten(new RoomId(row.getString(2)), new UserId(row.getString(3)))));
    }
}
