package io.myelin.roomserver.storage;

import static io.myelin.postgres.Column.of;

import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomFact.BackwardExtremity;
import io.myelin.engine.Numbered;
import io.myelin.matrix.id.RoomId;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of backward extremities: events of which it was not known what comes before them. */
final class BackwardExtremityTable {

    private static final String FACTS = """
            SELECT b.seq, b.room, b.event, r.room_id
              FROM backward_extremity b JOIN room r ON r.shard = b.shard AND r.number = b.room
             WHERE b.shard = ? AND b.seq = ANY (?)""";

    /** The same event may become a backward extremity again, so its row may be written twice. */
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
    List<Numbered<RoomFact>> facts(JdbcClient jdbc, int shard, List<Long> seqs) {
        return jdbc.sql(FACTS)
                .params(shard, seqs.toArray(Long[]::new))
                .query((row, _) -> new Numbered<RoomFact>(
                        row.getLong("seq"),
                        new BackwardExtremity(
                                new RoomId(row.getString("room_id")), row.getLong("room"), row.getLong("event"))))
                .list();
    }
}
