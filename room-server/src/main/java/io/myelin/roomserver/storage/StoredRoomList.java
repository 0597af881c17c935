package io.myelin.roomserver.storage;

import io.myelin.contracts.room.ListedRoom;
import io.myelin.contracts.room.ListedRoom.Value;
import io.myelin.matrix.event.PduBytes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Lists rooms of one shard for administrators. Rooms of which only outliers are known have no members. */
public final class StoredRoomList {

    /** Seconds after which a question is given up. */
    private static final int MOST_SECONDS = 10;

    private static final String ROOMS = """
            SELECT r.number, r.room_id, r.version, coalesce(d.published, false) AS published,
                   (SELECT count(*) FROM membership m
                     WHERE m.shard = r.shard AND m.room = r.number AND m.membership = 'join') AS joined,
                   (SELECT count(*) FROM membership m
                     WHERE m.shard = r.shard AND m.room = r.number AND m.membership = 'join'
                       AND right(m.user_id, char_length(?)) = ?) AS local,
                   (SELECT count(*) FROM event e
                     WHERE e.shard = r.shard AND e.room = r.number AND e.type IS NOT NULL AND e.standing IS NULL) AS state
              FROM room r LEFT JOIN directory d ON d.shard = r.shard AND d.room_id = r.room_id
             WHERE r.shard = ?""";

    private static final String VALUES = """
            SELECT w.room, t.type, e.body FROM unnest(?) AS w (room), unnest(?) AS t (type), LATERAL (
                   SELECT h.event FROM state_history h
                    WHERE h.shard = ? AND h.room = w.room AND h.type = t.type AND h.state_key = ''
                    ORDER BY h.seq DESC LIMIT 1) s
              JOIN event e ON e.shard = ? AND e.seq = s.event
             WHERE octet_length(e.body) <= ? AND NOT %s""".formatted(EventTable.isRedacted("e"));

    private final JdbcClient jdbc;
    private final int shard;
    private final String ours;

    /** @param ours whose users are counted */
    public StoredRoomList(JdbcClient jdbc, int shard, ServerName ours) {
        this.jdbc = jdbc;
        this.shard = shard;
        this.ours = ":" + ours.value();
    }

    /** The rooms with greater IDs, a page at most. */
    public List<ListedRoom> after(String id) {
        return read(" AND r.room_id > ? ORDER BY r.room_id LIMIT " + ListedRoom.PAGE, id);
    }

    public Optional<ListedRoom> find(RoomId room) {
        return room.value().indexOf('\0') >= 0
                ? Optional.empty()
                : read(" AND r.room_id = ?", room.value()).stream().findFirst();
    }

    private List<ListedRoom> read(String which, String id) {
        Map<Long, Function<List<Value>, ListedRoom>> rooms = new LinkedHashMap<>();
        jdbc.sql(ROOMS + which)
                .withQueryTimeout(MOST_SECONDS)
                .params(ours, ours, shard, id)
                .query(row -> {
                    RoomId room = new RoomId(row.getString("room_id"));
                    String version = row.getString("version");
                    boolean published = row.getBoolean("published");
                    long joined = row.getLong("joined");
                    long local = row.getLong("local");
                    long state = row.getLong("state");
                    rooms.put(
                            row.getLong("number"),
                            values -> new ListedRoom(room, version, published, joined, local, state, values));
                });
        if (rooms.isEmpty()) {
            return List.of();
        }
        Map<Long, List<Value>> values = new HashMap<>();
        jdbc.sql(VALUES)
                .withQueryTimeout(MOST_SECONDS)
                .params(
                        rooms.keySet().toArray(Long[]::new),
                        ListedRoom.TYPES.toArray(String[]::new),
                        shard,
                        shard,
                        ListedRoom.MOST_BYTES)
                .query(row -> {
                    byte[] body = row.getBytes("body");
                    values.computeIfAbsent(row.getLong("room"), _ -> new ArrayList<>())
                            .add(new Value(
                                    row.getString("type"),
                                    new UserId(EventTable.text(body, "sender")),
                                    PduBytes.content(body)));
                });
        return rooms.entrySet().stream()
                .map(room -> room.getValue().apply(values.getOrDefault(room.getKey(), List.of())))
                .toList();
    }
}
