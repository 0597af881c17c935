package io.myelin.roomserver.storage;

import static io.myelin.postgres.Column.of;

import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomFact.BackwardExtremity;
import io.myelin.engine.Numbered;
import io.myelin.matrix.id.RoomId;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The table of events of which it was not known what comes before them. */
final class BackwardExtremityTable {

    private static final String FACTS = """
            SELECT b.seq, b.room, b.event, r.room_id
              FROM backward_extremity b JOIN room r ON r.shard = b.shard AND r.number = b.room
             WHERE b.shard = ? AND b.seq = ANY (?)""";

    /** What was an outlier then may be unknown once more, and known again. */
    final TableRows rows = TableRows.upsert(
            "backward_extremity",
            3,
            of("shard", Type.INT),
            of("room", Type.LONG),
            of("event", Type.LONG),
            of("seq", Type.LONG));

    void write(int shard, long seq, BackwardExtremity fact) {
        rows.add(shard, fact.created(), fact.event(), seq);
    }

    /** @param seqs of the facts */
    List<Numbered<RoomFact>> facts(Connection connection, int shard, List<Long> seqs) throws SQLException {
        return new Sql(connection, FACTS, shard, seqs.toArray(Long[]::new))
                .list(row -> new Numbered<>(
                        row.getLong("seq"),
                        new BackwardExtremity(
                                new RoomId(row.getString("room_id")), row.getLong("room"), row.getLong("event"))));
    }
}
