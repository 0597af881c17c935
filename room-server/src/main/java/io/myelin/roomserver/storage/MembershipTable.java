package io.myelin.roomserver.storage;

import static io.myelin.postgres.Column.of;

import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomFact.StateChange;
import io.myelin.contracts.room.RoomFact.StateResolved;
import io.myelin.contracts.room.RoomQueries.UserRoom;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.PduBytes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.TableRows;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.GuestsOfRoom;
import io.myelin.roomserver.room.PendingRooms;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table of memberships: for each user and room the newest member event. If a room's state was replaced as a whole, the
 * memberships that it has for users of other servers are not written here.
 */
public final class MembershipTable {

    private static final String JOINED = """
            SELECT r.room_id FROM membership m JOIN room r ON r.shard = m.shard AND r.number = m.room
             WHERE m.shard = ? AND m.user_id = ? AND m.membership = 'join'""";

    private static final String PENDING = """
            SELECT r.room_id FROM membership m JOIN room r ON r.shard = m.shard AND r.number = m.room
             WHERE m.shard = ? AND m.user_id = ? AND m.membership IN ('invite', 'knock') AND r.room_id > ?
             ORDER BY r.room_id LIMIT ?""";

    private static final String GUESTS = """
            SELECT user_id FROM membership
             WHERE shard = ? AND room = ? AND guest AND user_id > ? ORDER BY user_id LIMIT ?""";

    /**
     * The newest number of a room is that of its newest event, or of its head, which is greater if the head came with a
     * resolution.
     */
    private static final String ROOMS_OF = """
            SELECT r.room_id, r.version, m.membership, greatest(m.seq, c.seq) AS since, e.event_id, e.body,
                   coalesce(f.seq > greatest(m.seq, c.seq), false) AS forgotten,
                   greatest(h.seq, (SELECT n.anchor FROM event n WHERE n.shard = m.shard AND n.room = m.room
                       AND n.anchor IS NOT NULL ORDER BY n.anchor DESC, n.back DESC LIMIT 1)) AS newest
              FROM membership m
              JOIN room r ON r.shard = m.shard AND r.number = m.room
              JOIN event e ON e.shard = m.shard AND e.seq = m.seq
              LEFT JOIN LATERAL (SELECT max(x.seq) AS seq FROM state_change x WHERE x.shard = m.shard AND x.room = m.room
                                    AND x.type = 'm.room.member' AND x.state_key = m.user_id) c ON true
              LEFT JOIN room_head h ON h.shard = m.shard AND h.room = m.room
              LEFT JOIN forgotten f ON f.shard = m.shard AND f.user_id = m.user_id AND f.room_id = r.room_id
             WHERE m.shard = ANY (?) AND m.user_id = ?""";

    private static final String OF_SERVER = """
            SELECT 1 FROM membership
             WHERE shard = ? AND room = ? AND membership = 'join'
               AND starts_with(user_id, '@') AND substr(user_id, strpos(user_id, ':') + 1) = ?
             LIMIT 1""";

    final TableRows rows = TableRows.upsert(
            "membership",
            3,
            of("shard", Type.INT),
            of("user_id", Type.TEXT),
            of("room", Type.LONG),
            of("membership", Type.TEXT),
            of("seq", Type.LONG),
            of("guest", Type.BOOLEAN));

    /**
     * Memberships of users who are joined by a resolution: the column {@code guest} stays as it is. They are written after
     * the others.
     */
    final TableRows resolvedJoins = TableRows.upsert(
            "membership",
            3,
            of("shard", Type.INT),
            of("user_id", Type.TEXT),
            of("room", Type.LONG),
            of("membership", Type.TEXT),
            of("seq", Type.LONG));

    void write(int shard, long seq, RoomEvent event) {
        String user = event.stateKey();
        if (user != null && !event.outsideCurrentState()) {
            membership(event)
                    .ifPresent(membership -> add(
                            shard,
                            user,
                            event.created(),
                            membership,
                            event.number() == 0 ? seq : event.number(),
                            membership.equals("join") && isGuest(event)));
        }
    }

    /** The membership in a member event; empty for other events. */
    static Optional<String> membership(RoomEvent event) {
        return event.stateKey() != null && event.type().equals(EventTypes.MEMBER)
                ? Optional.of(JsonParser.parseObject(PduBytes.content(event.body()), JsonRules.LENIENT_EVENTS)
                        .string("membership")
                        .orElseThrow())
                : Optional.empty();
    }

    /** A user who no longer has a member event counts as having left. */
    void write(int shard, StateResolved resolved) {
        for (StateChange change : resolved.changes()) {
            if (change.type().equals(EventTypes.MEMBER)) {
                String membership = change.membership();
                String user = change.stateKey();
                long number = change.event() == 0 ? change.replaced() : change.event();
                if ("join".equals(membership)) {
                    resolvedJoins.add(shard, user, resolved.created(), membership, number);
                } else {
                    add(shard, user, resolved.created(), membership == null ? "leave" : membership, number, false);
                }
            }
        }
    }

    private void add(int shard, String user, long room, String membership, long number, boolean guest) {
        resolvedJoins.remove(shard, user, room);
        rows.add(shard, user, room, membership, number, guest);
    }

    private static boolean isGuest(RoomEvent event) {
        return JsonParser.parseObject(PduBytes.content(event.body()), JsonRules.LENIENT_EVENTS)
                .string("kind")
                .filter("guest"::equals)
                .isPresent();
    }

    /** A slice of the users who are in a room as guests. */
    GuestsOfRoom guests(JdbcClient jdbc, int shard, EntityKey.OfGuests key) {
        List<UserId> found = jdbc.sql(GUESTS)
                .params(shard, key.room(), key.after(), GuestsOfRoom.SLICE)
                .query((row, _) -> new UserId(row.getString(1)))
                .list();
        return new GuestsOfRoom(found, found.size() < GuestsOfRoom.SLICE);
    }

    /** A slice of the rooms that a user is invited to or knocks at. */
    PendingRooms pending(JdbcClient jdbc, int shard, EntityKey.OfPending key) {
        List<RoomId> found = jdbc.sql(PENDING)
                .params(shard, key.user().value(), key.after(), PendingRooms.SLICE)
                .query((row, _) -> new RoomId(row.getString(1)))
                .list();
        return new PendingRooms(found, found.size() < PendingRooms.SLICE);
    }

    /** Those of a shard's rooms that the user is in. */
    Set<RoomId> joined(JdbcClient jdbc, int shard, UserId user) {
        return Set.copyOf(jdbc.sql(JOINED)
                .params(shard, user.value())
                .query((row, _) -> new RoomId(row.getString(1)))
                .list());
    }

    public List<UserRoom> roomsOf(JdbcClient jdbc, int shardCount, UserId user) {
        Integer[] shards = IntStream.range(0, shardCount).boxed().toArray(Integer[]::new);
        return jdbc.sql(ROOMS_OF)
                .params(shards, user.value())
                .query((row, _) -> new UserRoom(
                        new RoomId(row.getString("room_id")),
                        row.getString("membership"),
                        new UserId(EventTable.text(row.getBytes("body"), "sender")),
                        EventIds.id(row.getBytes("event_id"), EventTable.format(row.getString("version"))),
                        row.getLong("since"),
                        row.getBoolean("forgotten"),
                        row.getLong("newest")))
                .list();
    }

    /** The number of joined users of a room whose state was never replaced. */
    public long joinedMembers(JdbcClient jdbc, RoomTable.RoomRow room) {
        return jdbc.sql("SELECT count(*) FROM membership WHERE shard = ? AND room = ? AND membership = 'join'")
                .params(room.shard(), room.number())
                .query((row, _) -> row.getLong(1))
                .single();
    }

    /** Whether a user of the server is joined to a room whose state was never replaced. */
    public boolean hasMember(JdbcClient jdbc, RoomTable.RoomRow room, ServerName server) {
        return jdbc.sql(OF_SERVER)
                .params(room.shard(), room.number(), server.value())
                .query((row, _) -> row.getLong(1))
                .optional()
                .isPresent();
    }
}
