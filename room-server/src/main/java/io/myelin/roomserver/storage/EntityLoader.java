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
import io.myelin.roomserver.room.BlockedRoom;
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
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Loads entities from the tables when a shard first needs them. */
final class EntityLoader {

    private static final Logger LOG = LoggerFactory.getLogger(EntityLoader.class);

    private static final String EXTREMITIES = """
        SELECT seq, event_id, state, type, body FROM event WHERE shard = ? AND seq = ANY (?) ORDER BY anchor\
        """;

    /** Finds a state that was made by a command, not by an event. */
    private static final String STAGE = """
        SELECT r.room_id FROM state_difference d JOIN room r ON r.shard = d.shard AND r.number = d.room
         WHERE d.shard = ? AND d.state = ? AND d.seq = d.state\
        """;

    private static final String PLACES = "SELECT seq, type, state_key FROM event WHERE shard = ? AND seq = ANY (?)";

    private static final String KEY_CHARACTERS = """
        SELECT coalesce(sum(length(state_key)), 0) FROM event WHERE shard = ? AND seq = ANY (?)\
        """;

    private final RoomTables tables;
    private final long memory;

    /** @param memory what all entities may take together, in bytes */
    EntityLoader(RoomTables tables, long memory) {
        this.tables = tables;
        this.memory = memory;
    }

    /** Loads an entity. One that cannot be read becomes {@link Damaged}, so that the other rooms of the shard go on. */
    RoomEntity load(JdbcClient jdbc, int shard, String key) {
        try {
            return read(jdbc, shard, key);
        } catch (StoredResolution.TooMuch tooMuch) {
            LOG.warn("{} is not resolved: {}", key, tooMuch.getMessage());
            return new Damaged(0);
        } catch (DataAccessException noDamage) {
            throw noDamage;
        } catch (RuntimeException damage) {
            LOG.error("{} cannot be read and is quarantined: whoever needs it is refused", key, damage);
            return new Damaged(numberIfRoom(jdbc, shard, key));
        }
    }

    /** The number of a damaged room; 0 if it cannot be read, or if the entity is not a room. */
    private long numberIfRoom(JdbcClient jdbc, int shard, String key) {
        return EntityKey.parse(key) instanceof EntityKey.OfRoom(RoomId id)
                ? tables.rooms.find(jdbc, shard, id).map(RoomRow::number).orElse(0L)
                : 0;
    }

    /** As above, for entities of one {@link RoomTables#kind}. */
    Map<String, RoomEntity> load(JdbcClient jdbc, int shard, Collection<String> keys) {
        Map<String, RoomEntity> entities = new HashMap<>();
        if (keys.size() > 1) {
            try {
                entities.putAll(
                        EntityKey.isOfNumber(keys.iterator().next())
                                ? numbered(jdbc, shard, keys)
                                : events(jdbc, shard, keys));
            } catch (DataAccessException noDamage) {
                throw noDamage;
            } catch (RuntimeException damage) {
                LOG.warn("Of {} events one cannot be read: each is read alone", keys.size());
            }
        }
        for (String key : keys) {
            if (!entities.containsKey(key)) {
                entities.put(key, load(jdbc, shard, key));
            }
        }
        return entities;
    }

    private static Map<String, RoomEntity> events(JdbcClient jdbc, int shard, Collection<String> keys) {
        Map<String, EventId> ids = new HashMap<>();
        for (String key : keys) {
            if (EntityKey.parse(key) instanceof EntityKey.OfEvent(var id)) {
                ids.put(key, id);
            }
        }
        Map<EventId, RoomEntity> found = events(jdbc, shard, Set.copyOf(ids.values()));
        Map<String, RoomEntity> entities = new HashMap<>();
        ids.forEach((key, id) -> entities.put(key, found.getOrDefault(id, new Absent())));
        return entities;
    }

    private static Map<String, RoomEntity> numbered(JdbcClient jdbc, int shard, Collection<String> keys) {
        Map<String, RoomEntity> entities = new HashMap<>();
        keys.forEach(key -> entities.put(key, new Absent()));
        List<Long> numbers = new ArrayList<>();
        for (String key : keys) {
            if (EntityKey.parse(key) instanceof EntityKey.OfNumber(long number)) {
                numbers.add(number);
            }
        }
        StoredStateEvents.find(jdbc, shard, numbers)
                .forEach((number, event) -> entities.put(EntityKey.ofNumber(number), event));
        return entities;
    }

    /** Events that are known, or that redactions wait for. */
    private static Map<EventId, RoomEntity> events(JdbcClient jdbc, int shard, Set<EventId> ids) {
        Map<EventId, RoomEntity> found = new HashMap<>(StoredEventEntities.find(jdbc, shard, ids));
        Set<EventId> unknown = new HashSet<>(ids);
        unknown.removeAll(found.keySet());
        if (!unknown.isEmpty()) {
            found.putAll(EarlyRedactionTable.awaited(jdbc, shard, unknown));
        }
        return found;
    }

    private RoomEntity read(JdbcClient jdbc, int shard, String key) {
        EntityKey parsed = EntityKey.parse(key);
        if (key.indexOf('\0') >= 0) {
            return parsed instanceof EntityKey.OfUser(UserId user)
                    ? new UserEntity(user, null, Set.of())
                    : new Absent();
        }
        return switch (parsed) {
            case EntityKey.OfRoom(var id) -> {
                Optional<RoomRow> row = tables.rooms.find(jdbc, shard, id);
                yield row.isPresent() ? room(jdbc, row.get()) : gone(jdbc, shard, id);
            }
            case EntityKey.OfAlias(var alias) -> {
                var found = tables.aliases.find(jdbc, shard, alias);
                yield found.isPresent() ? found.get() : new Absent();
            }
            case EntityKey.OfUser(var user) ->
                new UserEntity(
                        user,
                        tables.profiles.find(jdbc, shard, user).orElse(null),
                        tables.memberships.joined(jdbc, shard, user));
            case EntityKey.OfEvent(var id) -> events(jdbc, shard, Set.of(id)).getOrDefault(id, new Absent());
            case EntityKey.OfNumber(long number) -> {
                RoomEntity event =
                        StoredStateEvents.find(jdbc, shard, List.of(number)).get(number);
                yield event == null ? new Absent() : event;
            }
            case EntityKey.OfHistory history -> tables.histories.before(jdbc, shard, history.room(), history.anchor());
            case EntityKey.OfState state -> new RelativeStates(jdbc, shard, state).load();
            case EntityKey.OfBehind behind -> new StoredEventsBehind(jdbc, shard, behind.room()).of(behind.events());
            case EntityKey.OfStage stage -> stage(jdbc, shard, stage.state());
            case EntityKey.OfGuests guests -> tables.memberships.guests(jdbc, shard, guests);
            case EntityKey.OfPending pending -> tables.memberships.pending(jdbc, shard, pending);
            case EntityKey.OfAnnotation annotation -> StoredAnnotations.find(jdbc, shard, annotation);
            case EntityKey.OfUnpruned unpruned -> tables.unpruned.find(jdbc, shard, unpruned.until());
            case EntityKey.OfHistoryPurge purge -> {
                var found = tables.historyPurges.find(jdbc, shard, purge.room());
                yield found.isPresent() ? found.get() : new Absent();
            }
            case EntityKey.OfHistorySlice slice -> new StoredHistorySlice(jdbc, shard, tables).load(slice);
            case EntityKey.OfBlock block -> {
                var by = tables.administration.blockedBy(jdbc, shard, block.room());
                yield by.isPresent() ? new BlockedRoom(by.get()) : new Absent();
            }
            case EntityKey.OfRemains remains -> new StoredRemains(jdbc, shard, remains.room()).load();
        };
    }

    private RoomEntity gone(JdbcClient jdbc, int shard, RoomId id) {
        Optional<PurgedRoom> purged = tables.purges.find(jdbc, shard, id);
        return purged.isPresent() ? purged.get() : new Absent();
    }

    private RoomEntity room(JdbcClient jdbc, RoomRow row) {
        RoomVersion version = RoomVersions.find(row.version()).orElseThrow();
        StoredGraph.Ends ends = new StoredGraph(jdbc, row).ends(tables.heads);
        if (ends.extremities().isEmpty()) {
            return Room.unborn(row.id(), version, row.number());
        }
        boolean closing = tables.purges.isClosing(jdbc, row.shard(), row.number());
        List<ForwardExtremity> extremities = jdbc.sql(EXTREMITIES)
                .params(row.shard(), ends.extremities().toArray(Long[]::new))
                .query((event, _) -> {
                    long seq = event.getLong("seq");
                    return ForwardExtremity.of(
                            seq, pdu(version, event), event.getString("type") == null ? event.getLong("state") : seq);
                })
                .list();
        RoomHead head = ends.head();
        long state = head == null ? extremities.getFirst().stateAfter() : head.state();
        List<Difference> way = new StoredStates(jdbc, row.shard()).way(state);
        EventNumbers events = StoredStates.events(way);
        long weight = weight(jdbc, row.shard(), events);
        if (weight > memory) {
            return new TooHeavy(weight);
        }
        return new Room(
                row.id(),
                version,
                row.number(),
                StoredStateEvents.state(jdbc, row.shard(), events, StateLayers.of(state, way)),
                head == null ? Set.of(state) : Set.copyOf(head.resolved()),
                head == null ? 0 : RelativeStates.conflict(jdbc, row.shard(), head.resolved()),
                extremities,
                row.published(),
                closing);
    }

    /** The approximate weight of a state. The characters of its keys are counted only if they may matter. */
    private long weight(JdbcClient jdbc, int shard, EventNumbers events) {
        long atMost = EntityWeight.ofState(events.size(), events.size() * EventLimits.MAX_FIELD_BYTES);
        if (atMost <= memory || EntityWeight.ofState(events.size(), 0) > memory) {
            return EntityWeight.ofState(events.size(), 0);
        }
        long characters = jdbc.sql(KEY_CHARACTERS)
                .params(shard, events.toArray())
                .query((row, _) -> row.getLong(1))
                .single();
        return EntityWeight.ofState(events.size(), characters);
    }

    private static RoomEntity stage(JdbcClient jdbc, int shard, long state) {
        Optional<RoomId> room = jdbc.sql(STAGE)
                .params(shard, state)
                .query((row, _) -> new RoomId(row.getString("room_id")))
                .optional();
        if (room.isEmpty()) {
            return new Absent();
        }
        StateMap<Long> places = StateMap.empty();
        Long[] numbers = new StoredStates(jdbc, shard).events(state).toList().toArray(Long[]::new);
        for (StateMap.Entry<Long> place : jdbc.sql(PLACES)
                .params(shard, numbers)
                .query((row, _) -> new StateMap.Entry<>(
                        new StateKey(row.getString("type"), row.getString("state_key")), row.getLong("seq")))
                .list()) {
            places = places.with(place.key(), place.value());
        }
        return new StagedState(room.get(), places);
    }

    private static Pdu pdu(RoomVersion version, ResultSet row) throws SQLException {
        EventId id = EventIds.id(row.getBytes("event_id"), version.eventFormat());
        return Pdu.stored(version, id, row.getBytes("body"));
    }
}
