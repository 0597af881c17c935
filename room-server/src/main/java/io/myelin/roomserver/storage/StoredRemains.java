package io.myelin.roomserver.storage;

import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.EventId;
import io.myelin.roomserver.room.PurgeSlice;
import io.myelin.roomserver.room.RoomRemains;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Loads a slice of the rows that are left of a purged room: some of each table, until there are none. */
final class StoredRemains {

    /** How many rows of one table a slice has at most. */
    private static final int SLICE = 1_000;

    private static final String ROOM = "SELECT room_id FROM purge WHERE shard = ? AND room = ?";

    private static final String EVENTS =
            "SELECT seq, placed, event_id, type, state_key FROM event WHERE shard = ? AND room = ? LIMIT ?";

    private static final String CHANGES =
            "SELECT seq, type, state_key FROM state_change WHERE shard = ? AND room = ? LIMIT ?";

    private static final String REPLACEMENTS = "SELECT seq FROM state_replacement WHERE shard = ? AND room = ? LIMIT ?";

    private static final String STATES = "SELECT seq, state FROM state_difference WHERE shard = ? AND room = ? LIMIT ?";

    private static final String EXTREMITIES =
            "SELECT seq, event FROM backward_extremity WHERE shard = ? AND room = ? LIMIT ?";

    private static final String HISTORY_PURGE = "SELECT seq FROM history_purge WHERE shard = ? AND room = ? LIMIT ?";

    private static final String EARLY =
            "SELECT seq, redaction FROM early_redaction WHERE shard = ? AND room = ? LIMIT ?";

    private static final String HISTORIES = "SELECT anchor FROM history WHERE shard = ? AND room = ? LIMIT ?";

    /** Facts about inserted history and backward extremities, which the log refers to by their room's number. */
    private static final String FOUND = """
            SELECT seq FROM log WHERE shard = ? AND kind IN (12, 13) AND split_part(reference, ':', 1) = ? LIMIT ?""";

    /** Facts about events that were known before, which the log refers to by the events' numbers. */
    private static final String LATER =
            "SELECT seq FROM log WHERE shard = ? AND reference = ANY (?) AND kind IN (1, 8)";

    /**
     * Superseded facts that these users had forgotten a room: the log does not say which room, but they have no effect any
     * more.
     */
    private static final String SUPERSEDED = """
            SELECT l.seq FROM log l WHERE l.shard = ? AND l.reference = ANY (?) AND l.kind = 2
               AND NOT EXISTS (SELECT 1 FROM forgotten f
                                WHERE f.shard = l.shard AND f.user_id = l.reference AND f.seq = l.seq)""";

    private static final String FORGOTTEN =
            "SELECT seq, user_id FROM forgotten WHERE shard = ? AND room_id = ? LIMIT ?";

    /**
     * Facts that the log refers to by the room: about the directory, resolutions, even if they changed nothing, and the
     * beginning of the purge.
     */
    private static final String LOGGED =
            "SELECT seq FROM log WHERE shard = ? AND reference = ? AND kind IN (3, 6, 24) LIMIT ?";

    private final JdbcClient jdbc;
    private final int shard;
    private final long room;

    private final List<Long> events = new ArrayList<>();
    private final List<EventId> eventIds = new ArrayList<>();
    private final Set<Long> resolutions = new LinkedHashSet<>();
    private final List<Long> states = new ArrayList<>();
    private final List<Long> extremities = new ArrayList<>();
    private final List<Long> early = new ArrayList<>();
    private final List<Long> anchors = new ArrayList<>();
    private final Set<String> members = new LinkedHashSet<>();
    private final List<String> forgottenBy = new ArrayList<>();
    private final Set<Long> logged = new LinkedHashSet<>();

    StoredRemains(JdbcClient jdbc, int shard, long room) {
        this.jdbc = jdbc;
        this.shard = shard;
        this.room = room;
    }

    /** The next slice; empty if nothing is left. */
    PurgeSlice load() {
        Optional<String> id =
                jdbc.sql(ROOM).params(shard, room).query(String.class).optional();
        if (id.isPresent()) {
            read(EVENTS, room, this::event);
            read(CHANGES, room, this::change);
            read(REPLACEMENTS, room, row -> resolutions.add(row.getLong("seq")));
            read(STATES, room, row -> states.add(row.getLong("state")));
            read(EXTREMITIES, room, row -> extremities.add(row.getLong("event")));
            read(EARLY, room, row -> early.add(row.getLong("redaction")));
            read(HISTORY_PURGE, room, _ -> {});
            anchors.addAll(jdbc.sql(HISTORIES)
                    .params(shard, room, SLICE)
                    .query(Long.class)
                    .list());
            read(FOUND, Long.toString(room), _ -> {});
            read(FORGOTTEN, id.get(), row -> forgottenBy.add(row.getString("user_id")));
            read(LOGGED, id.get(), _ -> {});
            readAll(LATER, events.stream().map(String::valueOf).toList());
            readAll(SUPERSEDED, forgottenBy);
        }
        return new PurgeSlice(
                new RoomRemains(
                        room,
                        List.copyOf(events),
                        List.copyOf(resolutions),
                        List.copyOf(states),
                        List.copyOf(extremities),
                        List.copyOf(early),
                        List.copyOf(anchors),
                        List.copyOf(members),
                        List.copyOf(forgottenBy),
                        List.copyOf(logged)),
                List.copyOf(eventIds));
    }

    private void read(String query, Object of, RowCallbackHandler visitor) {
        jdbc.sql(query).params(shard, of, SLICE).query(row -> {
            logged.add(row.getLong("seq"));
            visitor.processRow(row);
        });
    }

    private void readAll(String query, List<String> references) {
        logged.addAll(jdbc.sql(query)
                .params(shard, references.toArray(String[]::new))
                .query(Long.class)
                .list());
    }

    private void event(ResultSet row) throws SQLException {
        events.add(row.getLong("seq"));
        long placed = row.getLong("placed");
        if (placed != 0) {
            logged.add(placed);
        }
        EventIds.possible(row.getBytes("event_id")).forEach(eventIds::add);
        member(row);
    }

    private void change(ResultSet row) throws SQLException {
        resolutions.add(row.getLong("seq"));
        member(row);
    }

    /** Every membership was written for an event or a resolution, so it is found by one of these. */
    private void member(ResultSet row) throws SQLException {
        if (EventTypes.MEMBER.equals(row.getString("type"))) {
            members.add(row.getString("state_key"));
        }
    }
}
