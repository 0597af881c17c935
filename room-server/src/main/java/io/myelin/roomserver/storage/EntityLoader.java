package io.myelin.roomserver.storage;

import io.myelin.matrix.event.EventLimits;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.matrix.state.StateKey;
import io.myelin.matrix.state.StateMap;
import io.myelin.roomserver.room.Absent;
import io.myelin.roomserver.room.Damaged;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.EntityWeight;
import io.myelin.roomserver.room.ForwardExtremity;
import io.myelin.roomserver.room.PurgedRoom;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.room.RoomHead;
import io.myelin.roomserver.room.StagedState;
import io.myelin.roomserver.room.TooHeavy;
import io.myelin.roomserver.room.UserEntity;
import io.myelin.roomserver.state.EventNumbers;
import io.myelin.roomserver.state.StateLayers;
import io.myelin.roomserver.state.StateLayers.Difference;
import io.myelin.roomserver.storage.RoomTable.RoomRow;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes entities of rows, when a shard first needs them. */
final class EntityLoader {

    private static final Logger LOG = LoggerFactory.getLogger(EntityLoader.class);

    private static final String EXTREMITIES = """
            SELECT seq, event_id, state, type, body FROM event WHERE shard = ? AND seq = ANY (?) ORDER BY anchor""";

    /** A state that no event made, but a command. */
    private static final String STAGE = """
            SELECT r.room_id FROM state_difference d JOIN room r ON r.shard = d.shard AND r.number = d.room
             WHERE d.shard = ? AND d.state = ? AND d.seq = d.state""";

    private static final String PLACES = "SELECT seq, type, state_key FROM event WHERE shard = ? AND seq = ANY (?)";

    private static final String KEY_CHARACTERS = """
            SELECT coalesce(sum(length(state_key)), 0) FROM event WHERE shard = ? AND seq = ANY (?)""";

    private final RoomTables tables;
    private final long memory;

    /** @param memory what all entities may take together, in bytes */
    EntityLoader(RoomTables tables, long memory) {
        this.tables = tables;
        this.memory = memory;
    }

    /** Whatever cannot be read is put aside, so that the other rooms of the shard go on. */
    RoomEntity load(Connection connection, int shard, String key) throws SQLException {
        try {
            return read(connection, shard, key);
        } catch (StoredResolution.TooMuch tooMuch) {
            LOG.warn("{} is not resolved: {}", key, tooMuch.getMessage());
            return new Damaged(0);
        } catch (RuntimeException damage) {
            LOG.error("{} cannot be read and is quarantined: whoever needs it is refused", key, damage);
            return new Damaged(numberIfRoom(connection, shard, key));
        }
    }

    /** The number of a room of which at least that can be read; 0 for anything else. */
    private long numberIfRoom(Connection connection, int shard, String key) throws SQLException {
        return EntityKey.parse(key) instanceof EntityKey.OfRoom(RoomId id)
                ? tables.rooms.find(connection, shard, id).map(RoomRow::number).orElse(0L)
                : 0;
    }

    /** As above, of entities of one {@link RoomTables#kind}. */
    Map<String, RoomEntity> load(Connection connection, int shard, Collection<String> keys) throws SQLException {
        Map<String, RoomEntity> entities = new HashMap<>();
        if (keys.size() > 1) {
            try {
                entities.putAll(
                        EntityKey.isOfNumber(keys.iterator().next())
                                ? numbered(connection, shard, keys)
                                : events(connection, shard, keys));
            } catch (RuntimeException damage) {
                LOG.warn("Of {} events one cannot be read: each is read alone", keys.size());
            }
        }
        for (String key : keys) {
            if (!entities.containsKey(key)) {
                entities.put(key, load(connection, shard, key));
            }
        }
        return entities;
    }

    private static Map<String, RoomEntity> events(Connection connection, int shard, Collection<String> keys)
            throws SQLException {
        Map<String, EventId> ids = new HashMap<>();
        for (String key : keys) {
            if (EntityKey.parse(key) instanceof EntityKey.OfEvent(var id)) {
                ids.put(key, id);
            }
        }
        Map<EventId, RoomEntity> found = events(connection, shard, Set.copyOf(ids.values()));
        Map<String, RoomEntity> entities = new HashMap<>();
        ids.forEach((key, id) -> entities.put(key, found.getOrDefault(id, new Absent())));
        return entities;
    }

    private static Map<String, RoomEntity> numbered(Connection connection, int shard, Collection<String> keys)
            throws SQLException {
        Map<String, RoomEntity> entities = new HashMap<>();
        keys.forEach(key -> entities.put(key, new Absent()));
        List<Long> numbers = new ArrayList<>();
        for (String key : keys) {
            if (EntityKey.parse(key) instanceof EntityKey.OfNumber(long number)) {
                numbers.add(number);
            }
        }
        StoredStateEvents.find(connection, shard, numbers)
                .forEach((number, event) -> entities.put(EntityKey.ofNumber(number), event));
        return entities;
    }

    /** Events that are known, or that redactions wait for. */
    private static Map<EventId, RoomEntity> events(Connection connection, int shard, Set<EventId> ids)
            throws SQLException {
        Map<EventId, RoomEntity> found = new HashMap<>(StoredEventEntities.find(connection, shard, ids));
        Set<EventId> unknown = new HashSet<>(ids);
        unknown.removeAll(found.keySet());
        if (!unknown.isEmpty()) {
            found.putAll(EarlyRedactionTable.awaited(connection, shard, unknown));
        }
        return found;
    }

    private RoomEntity read(Connection connection, int shard, String key) throws SQLException {
        EntityKey parsed = EntityKey.parse(key);
        if (key.indexOf('\0') >= 0) {
            return parsed instanceof EntityKey.OfUser(UserId user)
                    ? new UserEntity(user, null, Set.of())
                    : new Absent();
        }
        return switch (parsed) {
            case EntityKey.OfRoom(var id) -> {
                Optional<RoomRow> row = tables.rooms.find(connection, shard, id);
                yield row.isPresent() ? room(connection, row.get()) : gone(connection, shard, id);
            }
            case EntityKey.OfAlias(var alias) -> {
                var found = tables.aliases.find(connection, shard, alias);
                yield found.isPresent() ? found.get() : new Absent();
            }
            case EntityKey.OfUser(var user) ->
                new UserEntity(
                        user,
                        tables.profiles.find(connection, shard, user).orElse(null),
                        tables.memberships.joined(connection, shard, user));
            case EntityKey.OfEvent(var id) ->
                events(connection, shard, Set.of(id)).getOrDefault(id, new Absent());
            case EntityKey.OfNumber(long number) -> {
                RoomEntity event = StoredStateEvents.find(connection, shard, List.of(number))
                        .get(number);
                yield event == null ? new Absent() : event;
            }
            case EntityKey.OfHistory history ->
                tables.histories.before(connection, shard, history.room(), history.anchor());
            case EntityKey.OfState state -> new RelativeStates(connection, shard, state).load();
            case EntityKey.OfBehind behind ->
                new StoredEventsBehind(connection, shard, behind.room()).of(behind.events());
            case EntityKey.OfStage stage -> stage(connection, shard, stage.state());
            case EntityKey.OfGuests guests -> tables.memberships.guests(connection, shard, guests);
            case EntityKey.OfPending pending -> tables.memberships.pending(connection, shard, pending);
            case EntityKey.OfUnpruned unpruned -> tables.unpruned.find(connection, shard, unpruned.until());
            case EntityKey.OfRemains remains -> new StoredRemains(connection, shard, remains.room()).load();
        };
    }

    private RoomEntity gone(Connection connection, int shard, RoomId id) throws SQLException {
        Optional<PurgedRoom> purged = tables.purges.find(connection, shard, id);
        return purged.isPresent() ? purged.get() : new Absent();
    }

    private RoomEntity room(Connection connection, RoomRow row) throws SQLException {
        RoomVersion version = RoomVersions.find(row.version()).orElseThrow();
        StoredGraph.Ends ends = new StoredGraph(connection, row).ends(tables.heads);
        if (ends.extremities().isEmpty()) {
            return Room.unborn(row.id(), version, row.number());
        }
        boolean closing = tables.purges.isClosing(connection, row.shard(), row.number());
        List<ForwardExtremity> extremities = new Sql(
                        connection, EXTREMITIES, row.shard(), ends.extremities().toArray(Long[]::new))
                .list(event -> {
                    long seq = event.getLong("seq");
                    return ForwardExtremity.of(
                            seq, pdu(version, event), event.getString("type") == null ? event.getLong("state") : seq);
                });
        RoomHead head = ends.head();
        long state = head == null ? extremities.getFirst().stateAfter() : head.state();
        List<Difference> way = new StoredStates(connection, row.shard()).way(state);
        EventNumbers events = StoredStates.events(way);
        long weight = weight(connection, row.shard(), events);
        if (weight > memory) {
            return new TooHeavy(weight);
        }
        return new Room(
                row.id(),
                version,
                row.number(),
                StoredStateEvents.state(connection, row.shard(), events, StateLayers.of(state, way)),
                head == null ? Set.of(state) : Set.copyOf(head.resolved()),
                head == null ? 0 : RelativeStates.conflict(connection, row.shard(), head.resolved()),
                extremities,
                row.published(),
                closing);
    }

    /** About what a state will weigh; the characters are counted only if they may matter. */
    private long weight(Connection connection, int shard, EventNumbers events) throws SQLException {
        long atMost = EntityWeight.ofState(events.size(), events.size() * EventLimits.MAX_FIELD_BYTES);
        if (atMost <= memory || EntityWeight.ofState(events.size(), 0) > memory) {
            return EntityWeight.ofState(events.size(), 0);
        }
        long characters = new Sql(connection, KEY_CHARACTERS, shard, events.toArray())
                .first(row -> row.getLong(1))
                .orElse(0L);
        return EntityWeight.ofState(events.size(), characters);
    }

    private static RoomEntity stage(Connection connection, int shard, long state) throws SQLException {
        Optional<RoomId> room =
                new Sql(connection, STAGE, shard, state).first(row -> new RoomId(row.getString("room_id")));
        if (room.isEmpty()) {
            return new Absent();
        }
        StateMap<Long> places = StateMap.empty();
        Long[] numbers =
                new StoredStates(connection, shard).events(state).toList().toArray(Long[]::new);
        for (StateMap.Entry<Long> place : new Sql(connection, PLACES, shard, numbers)
                .list(row -> new StateMap.Entry<>(
                        new StateKey(row.getString("type"), row.getString("state_key")), row.getLong("seq")))) {
            places = places.with(place.key(), place.value());
        }
        return new StagedState(room.get(), places);
    }

    private static Pdu pdu(RoomVersion version, ResultSet row) throws SQLException {
        EventId id = EventIds.id(row.getBytes("event_id"), version.eventFormat());
        return Pdu.stored(version, id, row.getBytes("body"));
    }
}
