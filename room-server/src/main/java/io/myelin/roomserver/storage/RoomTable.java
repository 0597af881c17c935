package io.myelin.roomserver.storage;

import static io.myelin.postgres.Column.of;

import io.myelin.contracts.room.RoomFact.EventKept;
import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.matrix.id.RoomId;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of rooms: a row for each create event. */
public final class RoomTable {

    private static final String FIND = """
            SELECT r.number, r.version, s.incarnation, s.seq, coalesce(d.published, false) AS published,
                   coalesce(h.anchor, 0) AS anchor, coalesce(h.back, 0) AS back, coalesce(h.seq, 0) AS purged,
                   coalesce((SELECT max(x.seq) FROM state_replacement x
                              WHERE x.shard = r.shard AND x.room = r.number), 0) AS replaced
              FROM room r
              JOIN shard s ON s.id = r.shard
              LEFT JOIN directory d ON d.shard = r.shard AND d.room_id = r.room_id
              LEFT JOIN history_purge h ON h.shard = r.shard AND h.room = r.number
             WHERE r.shard = ? AND r.room_id = ?""";

    /**
     * A room, with the position of its shard.
     *
     * @param number the seq of its create event
     * @param asOf the shard's last number
     * @param replaced the number at which the current state was last replaced as a whole; 0 if it never was
     * @param begins the place from which on the history is shown
     * @param purgedAt the number by which the history was last purged; 0 if it never was
     */
    public record RoomRow(
            int shard,
            long number,
            RoomId id,
            String version,
            boolean published,
            long incarnation,
            long asOf,
            long replaced,
            RoomPlace begins,
            long purgedAt) {

        /** The place itself, or the last one that is hidden if that is later: what comes after it is shown. */
        RoomPlace shownAfter(RoomPlace place) {
            return place.isBefore(begins) ? new RoomPlace(begins.anchor(), begins.back() - 1) : place;
        }

        /** Whether an event of this place was purged. */
        public boolean hides(@Nullable RoomPlace place) {
            return place != null && place.isBefore(begins);
        }
    }

    final TableRows rows = TableRows.insert(
            "room", of("shard", Type.INT), of("number", Type.LONG), of("room_id", Type.TEXT), of("version", Type.TEXT));

    /** A room's row is written with its create event, whatever the event's standing. */
    void write(int shard, long seq, RoomEvent event) {
        if (seq == event.created()) {
            rows.add(shard, seq, event.room().value(), event.version());
        }
    }

    void write(int shard, long seq, EventKept event) {
        if (seq == event.created()) {
            rows.add(shard, seq, event.room().value(), event.version());
        }
    }

    public Optional<RoomRow> find(JdbcClient jdbc, int shard, RoomId room) {
        return room.value().indexOf('\0') >= 0
                ? Optional.empty()
                : jdbc.sql(FIND)
                        .params(shard, room.value())
                        .query((row, _) -> new RoomRow(
                                shard,
                                row.getLong("number"),
                                room,
                                row.getString("version"),
                                row.getBoolean("published"),
                                row.getLong("incarnation"),
                                row.getLong("seq"),
                                row.getLong("replaced"),
                                new RoomPlace(row.getLong("anchor"), row.getInt("back")),
                                row.getLong("purged")))
                        .optional();
    }
}
