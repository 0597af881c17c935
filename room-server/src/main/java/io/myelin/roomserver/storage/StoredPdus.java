package io.myelin.roomserver.storage;

import io.myelin.contracts.room.RoomPlace;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.roomserver.room.EventEntity;
import io.myelin.roomserver.storage.RoomTable.RoomRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The events of one room, whatever their standing, as servers exchange them. */
public final class StoredPdus {

    private static final String STORED = """
            SELECT e.seq, e.anchor, e.back, e.event_id, e.state, e.standing, e.body, %s AS is_redacted
              FROM event e
             WHERE e.shard = ? AND e.room = ?""".formatted(EventTable.isRedacted("e"));

    private static final String PLACED = STORED + " AND (e.anchor, e.back) >= (?, ?) AND (e.anchor, e.back) < (?, ?)";

    /** Skips any history that was found before the event. */
    private static final String FIRST_LIVE = STORED + " AND e.back = 0 AND e.anchor = " + """
            (SELECT a.anchor FROM event a WHERE a.shard = ? AND a.room = ? AND a.anchor >= ? AND a.anchor < ?
              ORDER BY a.anchor, a.back LIMIT 1)""";

    private static final String BACKWARD_EXTREMITIES = """
            SELECT e.seq, e.anchor, e.back, e.event_id, e.state, e.standing, e.body, false AS is_redacted
              FROM backward_extremity b JOIN event e ON e.shard = b.shard AND e.seq = b.event
             WHERE b.shard = ? AND b.room = ? AND (e.anchor, e.back) <= (?, ?)
             ORDER BY e.anchor DESC, e.back DESC""";

    /** An event as it was received, and whether it was redacted since. */
    public record StoredPdu(EventEntity event, boolean isRedacted) {

        /** The event as it reads now. */
        public byte[] body() {
            return isRedacted ? pruned() : event.pdu().bytes();
        }

        /** The event as a redaction leaves it. */
        public byte[] pruned() {
            return event.pdu().redacted().bytes();
        }
    }

    private final JdbcClient jdbc;
    private final RoomRow room;
    private final RoomVersion version;

    public StoredPdus(JdbcClient jdbc, RoomRow room) {
        this.jdbc = jdbc;
        this.room = room;
        this.version = RoomVersions.find(room.version()).orElseThrow();
    }

    /** The known ones among these events. */
    public Map<EventId, StoredPdu> find(Collection<EventId> ids) {
        byte[][] bytes = ids.stream()
                .map(id -> EventIds.bytes(id, version.eventFormat()))
                .filter(Objects::nonNull)
                .toArray(byte[][]::new);
        return jdbc
                .sql(STORED + " AND e.event_id = ANY (?)")
                .params(room.shard(), room.number(), bytes)
                .query((row, _) -> read(row))
                .list()
                .stream()
                .collect(Collectors.toMap(pdu -> pdu.event().id(), Function.identity()));
    }

    public Optional<StoredPdu> find(EventId id) {
        return Optional.ofNullable(find(List.of(id)).get(id));
    }

    /** Events that have their place in the history, from one place on and before another, oldest first. */
    public List<StoredPdu> firstBetween(RoomPlace from, RoomPlace before, int limit) {
        return placed(" ORDER BY e.anchor, e.back LIMIT ?", from, before, limit);
    }

    /** As above, newest first. */
    public List<StoredPdu> lastBetween(RoomPlace from, RoomPlace before, int limit) {
        return placed(" ORDER BY e.anchor DESC, e.back DESC LIMIT ?", from, before, limit);
    }

    /** The first live event from one number on and before another. */
    public Optional<StoredPdu> firstLive(long from, long before) {
        int shard = room.shard();
        long number = room.number();
        return jdbc.sql(FIRST_LIVE)
                .params(shard, number, shard, number, Math.max(from, room.begins().anchor()), before)
                .query((row, _) -> read(row))
                .optional();
    }

    private List<StoredPdu> placed(String order, RoomPlace first, RoomPlace before, int limit) {
        RoomPlace from = first.isBefore(room.begins()) ? room.begins() : first;
        return jdbc.sql(PLACED + order)
                .params(room.shard(), room.number(), from.anchor(), from.back(), before.anchor(), before.back(), limit)
                .query((row, _) -> read(row))
                .list();
    }

    /** Events that became backward extremities, at or before a place, newest first. Some may be none any more. */
    public List<StoredPdu> backwardExtremities(RoomPlace from) {
        return jdbc.sql(BACKWARD_EXTREMITIES)
                .params(room.shard(), room.number(), from.anchor(), from.back())
                .query((row, _) -> read(row))
                .list()
                .stream()
                .filter(pdu -> !room.hides(pdu.event().place()))
                .toList();
    }

    /** The place of a row with {@code anchor} and {@code back}. */
    static @Nullable RoomPlace place(ResultSet row) throws SQLException {
        long anchor = row.getLong("anchor");
        return anchor == 0 ? null : new RoomPlace(anchor, row.getInt("back"));
    }

    private StoredPdu read(ResultSet row) throws SQLException {
        EventId id = EventIds.id(row.getBytes("event_id"), version.eventFormat());
        return new StoredPdu(
                new EventEntity(
                        room.id(),
                        row.getLong("seq"),
                        Standings.find(row.getShort("standing")),
                        row.getLong("state"),
                        place(row),
                        null,
                        Pdu.stored(version, id, row.getBytes("body"))),
                row.getBoolean("is_redacted"));
    }
}
