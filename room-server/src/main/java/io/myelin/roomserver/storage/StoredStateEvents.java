package io.myelin.roomserver.storage;

import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.matrix.state.StateKey;
import io.myelin.matrix.state.StateMap;
import io.myelin.roomserver.room.NumberedEvent;
import io.myelin.roomserver.room.RoomState;
import io.myelin.roomserver.room.StateEvent;
import io.myelin.roomserver.room.StateSize;
import io.myelin.roomserver.state.EventNumbers;
import io.myelin.roomserver.state.StateLayers;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads the events of states: the place of each and what is known of it without its body, or the events themselves. */
final class StoredStateEvents {

    /** A member event written by an older release has no value in the column {@code membership}, so its body is read. */
    private static final String PLACES = """
            SELECT e.seq, e.type, e.state_key, octet_length(e.body), e.membership,
                   CASE WHEN e.membership IS NULL AND e.type = 'm.room.member' THEN e.body END
              FROM event e WHERE e.shard = ? AND e.seq = ANY (?)""";

    private static final String EVENTS = """
            SELECT e.seq, e.event_id, e.body, r.version, %s AS is_redacted
              FROM event e JOIN room r ON r.shard = e.shard AND r.number = e.room
             WHERE e.shard = ? AND e.seq = ANY (?)""".formatted(EventTable.isRedacted("e"));

    private StoredStateEvents() {}

    /** The state that consists of these events. */
    static RoomState state(JdbcClient jdbc, int shard, EventNumbers numbers, StateLayers layers) {
        StateMap.Builder<StateEvent> places = new StateMap.Builder<>();
        StateSize[] size = {StateSize.NONE};
        forEach(jdbc, shard, numbers, (place, event) -> {
            places.put(place, event);
            size[0] = size[0].changed(place, null, event);
        });
        return RoomState.stored(places.build(), size[0], layers);
    }

    static void forEach(JdbcClient jdbc, int shard, EventNumbers numbers, BiConsumer<StateKey, StateEvent> visitor) {
        jdbc.sql(PLACES).params(shard, numbers.toArray()).query(row -> {
            String type = row.getString(2);
            visitor.accept(
                    new StateKey(type, row.getString(3)),
                    new StateEvent(row.getLong(1), row.getInt(4), membership(type, row)));
        });
    }

    private static @Nullable Membership membership(String type, ResultSet row) throws SQLException {
        if (!type.equals(EventTypes.MEMBER)) {
            return null;
        }
        byte @Nullable [] body = row.getBytes(6);
        return body == null ? Memberships.of(row.getShort(5)) : Memberships.read(body);
    }

    /** The known ones among these events, as they read now. */
    static Map<Long, NumberedEvent> find(JdbcClient jdbc, int shard, Collection<Long> numbers) {
        Map<Long, NumberedEvent> found = new HashMap<>();
        jdbc.sql(EVENTS).params(shard, numbers.toArray(Long[]::new)).query(row -> {
            RoomVersion version = RoomVersions.find(row.getString("version")).orElseThrow();
            Pdu event = Pdu.stored(
                    version, EventIds.id(row.getBytes("event_id"), version.eventFormat()), row.getBytes("body"));
            found.put(row.getLong("seq"), new NumberedEvent(row.getBoolean("is_redacted") ? event.redacted() : event));
        });
        return found;
    }
}
