package io.myelin.roomserver.storage;

import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.matrix.state.StateKey;
import io.myelin.matrix.state.StateMap;
import io.myelin.roomserver.room.NumberedEvent;
import io.myelin.roomserver.room.StateEvent;
import io.myelin.roomserver.state.EventNumbers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What states consist of: by their numbers where they belong, and what is known of them without their bodies. */
final class StoredStateEvents {

    /** Of a member event of an older release, what it says is not beside it: that has to be read. */
    private static final String PLACES = """
            SELECT e.seq, e.type, e.state_key, e.membership, octet_length(e.body) AS size,
                   CASE WHEN e.membership IS NULL AND e.type = 'm.room.member' THEN e.body END AS body
              FROM event e WHERE e.shard = ? AND e.seq = ANY (?)""";

    private static final String EVENTS = """
            SELECT e.seq, e.event_id, e.body, r.version, %s AS is_redacted
              FROM event e JOIN room r ON r.shard = e.shard AND r.number = e.room
             WHERE e.shard = ? AND e.seq = ANY (?)""".formatted(EventTable.isRedacted("e"));

    private StoredStateEvents() {}

    /** Which of these events has which place. */
    static StateMap<StateEvent> places(Connection connection, int shard, EventNumbers numbers) throws SQLException {
        @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
        StateMap<StateEvent>[] places = new StateMap[] {StateMap.empty()};
        forEach(connection, shard, numbers, (place, event) -> places[0] = places[0].with(place, event));
        return places[0];
    }

    static void forEach(
            Connection connection, int shard, EventNumbers numbers, BiConsumer<StateKey, StateEvent> visitor)
            throws SQLException {
        new Sql(connection, PLACES, shard, numbers.toArray()).forEach(row -> {
            String type = row.getString("type");
            visitor.accept(
                    new StateKey(type, row.getString("state_key")),
                    new StateEvent(row.getLong("seq"), row.getInt("size"), membership(type, row)));
        });
    }

    private static @Nullable Membership membership(String type, ResultSet row) throws SQLException {
        if (!type.equals(EventTypes.MEMBER)) {
            return null;
        }
        byte @Nullable [] body = row.getBytes("body");
        return body == null ? Memberships.of(row.getShort("membership")) : Memberships.read(body);
    }

    /** Those of these events that are known, as they read now. */
    static Map<Long, NumberedEvent> find(Connection connection, int shard, Collection<Long> numbers)
            throws SQLException {
        Map<Long, NumberedEvent> found = new HashMap<>();
        new Sql(connection, EVENTS, shard, numbers.toArray(Long[]::new)).forEach(row -> {
            RoomVersion version = RoomVersions.find(row.getString("version")).orElseThrow();
            Pdu event = Pdu.stored(
                    version, EventIds.id(row.getBytes("event_id"), version.eventFormat()), row.getBytes("body"));
            found.put(row.getLong("seq"), new NumberedEvent(row.getBoolean("is_redacted") ? event.redacted() : event));
        });
        return found;
    }
}
