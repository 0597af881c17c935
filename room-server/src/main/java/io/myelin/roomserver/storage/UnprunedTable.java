package io.myelin.roomserver.storage;

import static io.myelin.postgres.Column.of;

import io.myelin.contracts.room.RoomFact.RedactedBy;
import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import io.myelin.roomserver.room.PrunedBody;
import io.myelin.roomserver.room.RoomChange.KeptEvent;
import io.myelin.roomserver.room.RoomChange.Pruned;
import io.myelin.roomserver.room.Unpruned;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of redactions whose events still have their whole bodies. */
final class UnprunedTable {

    private static final int SLICE = 200;

    /** The redacted event may have been deleted. If it arrived after the redaction, its own row names the redaction. */
    private static final String UNPRUNED = """
            SELECT u.redaction, t.seq, t.event_id, t.body, t.version
              FROM unpruned u
              LEFT JOIN LATERAL (
                   SELECT e.seq, e.event_id, e.body, r.version
                     FROM event e
                     JOIN room r ON r.shard = e.shard AND r.number = e.room
                    WHERE e.shard = u.shard
                      AND e.seq = coalesce((SELECT l.seq FROM event l
                                             WHERE l.shard = u.shard AND l.redacted_by = u.redaction LIMIT 1),
                                           (SELECT o.seq FROM event x
                                              JOIN event o ON o.event_id = x.redacts AND o.shard = x.shard
                                             WHERE x.shard = u.shard AND x.seq = u.redaction))
                    LIMIT 1) t ON true
             WHERE u.shard = ? AND u.at <= ?
             ORDER BY u.at LIMIT ?""";

    final TableRows rows = TableRows.upsert("unpruned", 2, of("shard", Type.INT), of("redaction", Type.LONG));
    final TableRows bodies =
            TableRows.update("event", 2, of("shard", Type.INT), of("seq", Type.LONG), of("body", Type.BYTES));
    final TableRows done = TableRows.delete("unpruned", of("shard", Type.INT), of("redaction", Type.LONG));

    void write(int shard, long seq, RoomEvent event) {
        write(shard, event.redacts(), event.number() == 0 ? seq : event.number());
        RedactedBy by = event.redactedBy();
        if (by != null) {
            rows.add(shard, by.number());
        }
    }

    /** Writes the redactions of an event that is kept, such as one of the history. */
    void write(int shard, long seq, KeptEvent event) {
        long number = event.published().number();
        write(shard, event.redacts(), number == 0 ? seq : number);
        if (event.redactedBy() != 0) {
            rows.add(shard, event.redactedBy());
        }
    }

    private void write(int shard, @Nullable EventId redacts, long redaction) {
        if (redacts != null) {
            rows.add(shard, redaction);
        }
    }

    void write(int shard, Pruned pruned) {
        pruned.bodies().forEach(body -> bodies.add(shard, body.event(), body.body()));
        pruned.redactions().forEach(redaction -> done.add(shard, redaction));
    }

    /** A slice of the redactions that arrived by then, with their events. */
    Unpruned find(JdbcClient jdbc, int shard, long until) {
        List<PrunedBody> pruned = new ArrayList<>();
        List<Long> redactions = jdbc.sql(UNPRUNED)
                .params(shard, until, SLICE)
                .query((row, _) -> {
                    @Nullable String version = row.getString("version");
                    if (version != null) {
                        pruned.add(pruned(RoomVersions.find(version).orElseThrow(), row));
                    }
                    return row.getLong("redaction");
                })
                .list();
        return new Unpruned(List.copyOf(pruned), redactions, redactions.size() < SLICE);
    }

    private static PrunedBody pruned(RoomVersion version, ResultSet row) throws SQLException {
        Pdu event =
                Pdu.stored(version, EventIds.id(row.getBytes("event_id"), version.eventFormat()), row.getBytes("body"));
        return new PrunedBody(row.getLong("seq"), event.redacted().bytes());
    }
}
