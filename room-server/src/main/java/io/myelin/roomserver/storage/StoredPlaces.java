package io.myelin.roomserver.storage;

import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.roomserver.state.EventNumbers;
import io.myelin.roomserver.storage.RoomTable.RoomRow;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reads single places of a room's states. Of all events that were ever sent for a place, it finds the one that the state
 * has, so the rest of the state is not read.
 */
public final class StoredPlaces {

    private static final String OF_PLACE = """
            SELECT seq FROM event
             WHERE shard = ? AND room = ? AND type = ? AND state_key = ? AND standing IS NULL
             UNION ALL
            SELECT seq FROM event
             WHERE shard = ? AND room = ? AND type = ? AND state_key = ? AND standing IS NOT NULL""";

    /** The first colon of a user ID ends its localpart. */
    private static final String OF_SERVER = """
            SELECT seq FROM event
             WHERE shard = ? AND room = ? AND type = ? AND standing IS NULL
               AND starts_with(state_key, '@') AND substr(state_key, strpos(state_key, ':') + 1) = ?
             UNION ALL
            SELECT seq FROM event
             WHERE shard = ? AND room = ? AND type = ? AND standing IS NOT NULL
               AND starts_with(state_key, '@') AND substr(state_key, strpos(state_key, ':') + 1) = ?""";

    private static final String EVENTS = "SELECT seq, event_id, body FROM event WHERE shard = ? AND seq = ANY (?)";

    private final JdbcClient jdbc;
    private final RoomRow room;
    private final RoomVersion version;
    private final StoredStates states;
    private final Map<Long, EventNumbers> read = new HashMap<>();

    public StoredPlaces(JdbcClient jdbc, RoomRow room) {
        this.jdbc = jdbc;
        this.room = room;
        this.version = RoomVersions.find(room.version()).orElseThrow();
        this.states = new StoredStates(jdbc, room.shard());
    }

    /** All events that were ever sent for a place. */
    public List<Long> sentFor(String type, String stateKey) {
        int shard = room.shard();
        long number = room.number();
        return jdbc.sql(OF_PLACE)
                .params(shard, number, type, stateKey, shard, number, type, stateKey)
                .query((row, _) -> row.getLong(1))
                .list();
    }

    /** All member events of users of a server, newest first. Looks through the keys of all member events of the room. */
    public List<Long> sentForMembersOf(ServerName server) {
        int shard = room.shard();
        long number = room.number();
        String name = server.value();
        String type = EventTypes.MEMBER;
        return jdbc.sql(OF_SERVER + " ORDER BY seq DESC")
                .params(shard, number, type, name, shard, number, type, name)
                .query((row, _) -> row.getLong(1))
                .list();
    }

    /** The events among these that a state has, in the same order. */
    public List<Long> within(long state, List<Long> events) {
        EventNumbers numbers = read.get(state);
        if (numbers == null) {
            numbers = states.events(state);
            read.put(state, numbers);
        }
        return events.stream().filter(numbers::contains).toList();
    }

    /** The events of these numbers, as they were received. */
    public Map<Long, Pdu> events(Collection<Long> numbers) {
        Map<Long, Pdu> events = new HashMap<>();
        jdbc.sql(EVENTS).params(room.shard(), numbers.toArray(Long[]::new)).query(row -> {
            EventId id = EventIds.id(row.getBytes("event_id"), version.eventFormat());
            events.put(row.getLong("seq"), Pdu.stored(version, id, row.getBytes("body")));
        });
        return events;
    }
}
