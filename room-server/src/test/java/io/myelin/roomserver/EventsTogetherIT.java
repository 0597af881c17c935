package io.myelin.roomserver;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.Partitions;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.postgres.Snapshot;
import io.myelin.roomserver.room.Absent;
import io.myelin.roomserver.room.Damaged;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.EntityWeight;
import io.myelin.roomserver.room.EventEntity;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.room.TooHeavy;
import io.myelin.roomserver.storage.RoomTables;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The events that a command brings or cites are loaded together, with the same result as if each were loaded alone. */
class EventsTogetherIT {

    private static final EventId UNKNOWN = EventId.ofReferenceHash(new byte[32]);

    @AutoClose
    private static final RunningRoomServer server = new RunningRoomServer();

    private static int shard;
    private static List<EventId> events;

    @BeforeAll
    static void start() throws Exception {
        RoomId room = server.create(server.aRoom());
        shard = Partitions.of(room.value(), RunningRoomServer.SHARDS);
        events = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            events.add(server.send(room, EventTypes.MESSAGE, null, "{\"body\":\"message " + i + "\"}"));
        }
    }

    @Test
    void eventsAreOfOneKindAndNothingElseIs() {
        RoomTables tables = new RoomTables();
        assertThat(tables.kind(EntityKey.of(UNKNOWN)))
                .isEqualTo(tables.kind(EntityKey.of(events.getFirst())))
                .isNotEqualTo(EntityKey.of(UNKNOWN));
        assertThat(tables.kind("room:!a:b")).isEqualTo("room:!a:b");
        assertThat(tables.kind("state:1:0:2")).isEqualTo("state:1:0:2");
        assertThat(tables.computes("state:1:0:2,3")).isTrue();
        assertThat(tables.computes("state:1:0:2")).isFalse();
    }

    @Test
    void aRoomThatIsTooHeavyIsNotReadFromItsRows() throws Exception {
        String key = EntityKey.of(server.create(server.aRoom()));
        int itsShard = Partitions.of(key.substring("room:".length()), RunningRoomServer.SHARDS);
        try (Connection connection = server.connection()) {
            connection.setAutoCommit(false);
            connection.setSchema("room");
            JdbcClient jdbc = Snapshot.of(connection);
            RoomEntity room = new RoomTables().load(jdbc, itsShard, key);
            assertThat(room).isInstanceOf(Room.class);
            long places = ((Room) room).state().size();
            long keys = ((Room) room).current().size().keyChars();
            long weight = EntityWeight.ofState(places, keys);

            assertThat(new RoomTables(weight - 1).load(jdbc, itsShard, key)).isEqualTo(new TooHeavy(weight));
            assertThat(new RoomTables(weight).load(jdbc, itsShard, key)).isInstanceOf(Room.class);
            long ofPlaces = EntityWeight.ofState(places, 0);
            assertThat(new RoomTables(ofPlaces - 1).load(jdbc, itsShard, key)).isEqualTo(new TooHeavy(ofPlaces));
        }
    }

    @Test
    void eachIsWhatItIsAlone() throws SQLException {
        List<String> keys = new ArrayList<>(events.stream().map(EntityKey::of).toList());
        keys.add(EntityKey.of(UNKNOWN));
        keys.add("event:no event");
        keys.add("event:$nothing\0:example.org");

        Map<String, RoomEntity> together = load(keys);

        assertThat(together.keySet()).containsExactlyInAnyOrderElementsOf(keys);
        assertThat(together.get(EntityKey.of(UNKNOWN))).isInstanceOf(Absent.class);
        for (EventId event : events) {
            assertThat(together.get(EntityKey.of(event)))
                    .isInstanceOfSatisfying(
                            EventEntity.class, found -> assertThat(found.id()).isEqualTo(event));
        }
        Map<String, Class<?>> alone = keys.stream()
                .collect(toMap(Function.identity(), key -> alone(key).getClass()));
        assertThat(together).allSatisfy((key, entity) -> assertThat(entity).isInstanceOf(alone.get(key)));
    }

    @Test
    void oneThatCannotBeReadIsNoHarmToTheOthers() throws SQLException {
        RoomId other = server.createIn(shard);
        EventId lost = server.send(other, EventTypes.MESSAGE, null, "{\"body\":\"lost\"}");
        server.execute("UPDATE room.event SET body = '\\x7b' WHERE seq = (SELECT max(seq) FROM room.event e"
                + " JOIN room.room r ON r.shard = e.shard AND r.number = e.room WHERE r.room_id = '" + other.value()
                + "')");

        Map<String, RoomEntity> together = load(List.of(EntityKey.of(lost), EntityKey.of(events.getFirst())));

        assertThat(together.get(EntityKey.of(lost))).isInstanceOf(Damaged.class);
        assertThat(together.get(EntityKey.of(events.getFirst()))).isInstanceOf(EventEntity.class);
    }

    private static RoomEntity alone(String key) {
        try {
            return load(List.of(key)).values().iterator().next();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, RoomEntity> load(List<String> keys) throws SQLException {
        String url = server.login.url() + (server.login.url().contains("?") ? "&" : "?") + "currentSchema=room";
        try (Connection connection = DriverManager.getConnection(url, server.login.user(), server.login.password())) {
            return new RoomTables().load(Snapshot.of(connection), shard, keys);
        }
    }
}
