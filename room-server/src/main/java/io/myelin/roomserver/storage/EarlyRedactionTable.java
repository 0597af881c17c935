package io.myelin.roomserver.storage;

import static io.myelin.postgres.Column.of;

import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomFact.EarlyRedaction;
import io.myelin.engine.Numbered;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import io.myelin.roomserver.room.AwaitedEvent;
import io.myelin.roomserver.room.WaitingRedaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table of redactions that arrived before the events that they redact. It is read for unknown events only, so the rows
 * may stay when the events arrive.
 */
final class EarlyRedactionTable {

    private static final String WAITING = """
            SELECT w.redacts, w.room, w.redaction, w.has_power, e.event_id, e.body, r.version
              FROM early_redaction w
              JOIN event e ON e.shard = w.shard AND e.seq = w.redaction
              JOIN room r ON r.shard = w.shard AND r.number = w.room
             WHERE w.redacts = ANY (?) AND w.shard = ? ORDER BY w.seq""";

    private static final String FACTS = """
            SELECT w.seq, w.room, w.redaction, w.redacts, w.has_power, r.room_id, r.version
              FROM early_redaction w JOIN room r ON r.shard = w.shard AND r.number = w.room
             WHERE w.shard = ? AND w.seq = ANY (?)""";

    final TableRows rows = TableRows.insert(
            "early_redaction",
            of("shard", Type.INT),
            of("redaction", Type.LONG),
            of("room", Type.LONG),
            of("seq", Type.LONG),
            of("redacts", Type.BYTES),
            of("has_power", Type.BOOLEAN));

    void write(int shard, long seq, EarlyRedaction fact) {
        byte[] redacts = EventIds.bytesInAnyFormat(fact.redacts()).orElseThrow();
        rows.add(shard, fact.redaction(), fact.created(), seq, redacts, fact.hasPower());
    }

    /** @param seqs of the facts */
    List<Numbered<RoomFact>> facts(JdbcClient jdbc, int shard, List<Long> seqs) {
        return jdbc.sql(FACTS)
                .params(shard, seqs.toArray(Long[]::new))
                .query((row, _) -> new Numbered<RoomFact>(
                        row.getLong("seq"),
                        new EarlyRedaction(
                                new RoomId(row.getString("room_id")),
                                row.getLong("room"),
                                row.getLong("redaction"),
                                EventIds.id(row.getBytes("redacts"), EventTable.format(row.getString("version"))),
                                row.getBoolean("has_power"))))
                .list();
    }

    /** Those of the unknown events that redactions wait for. */
    static Map<EventId, AwaitedEvent> awaited(JdbcClient jdbc, int shard, Collection<EventId> unknown) {
        byte[][] bytes = unknown.stream()
                .map(EventIds::bytesInAnyFormat)
                .flatMap(Optional::stream)
                .toArray(byte[][]::new);
        Map<EventId, AwaitedEvent> awaited = new HashMap<>();
        if (bytes.length > 0) {
            jdbc.sql(WAITING).params(bytes, shard).query(row -> {
                RoomVersion version =
                        RoomVersions.find(row.getString("version")).orElseThrow();
                EventId redacts = EventIds.id(row.getBytes("redacts"), version.eventFormat());
                awaited.merge(
                        redacts,
                        new AwaitedEvent(List.of(waiting(row, version))),
                        (before, one) -> before.with(one.redactions().getFirst()));
            });
        }
        awaited.keySet().retainAll(unknown); // as with events, a hash in another version's alphabet names nothing
        return awaited;
    }

    private static WaitingRedaction waiting(ResultSet row, RoomVersion version) throws SQLException {
        EventId id = EventIds.id(row.getBytes("event_id"), version.eventFormat());
        return new WaitingRedaction(
                row.getLong("room"),
                row.getLong("redaction"),
                row.getBoolean("has_power"),
                Pdu.stored(version, id, row.getBytes("body")));
    }
}
