package io.myelin.roomserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.Partitions;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.postgres.Snapshot;
import io.myelin.roomserver.federated.CrowdedRoom;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.state.EventNumbers;
import io.myelin.roomserver.storage.StoredStates;
import io.myelin.testing.EmbeddedTestEngines;
import io.myelin.testing.TestEngines;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * Measures a growing room with many members: what its states cost on the disk, and how much time and memory it takes to
 * load. The room here is small; {@code docs/performance.md} says how to measure a large one, and has the results.
 */
class RoomGrowthIT {

    private static final int MEMBERS = Integer.getInteger("members", 300);
    private static final int CHANGES = Integer.getInteger("changes", 300);

    /** Whether to take the slow measurements too. */
    private static final boolean MEASURED = Boolean.getBoolean("measured");

    /** Options of the processes that load one entity, such as those for a profile. */
    private static final String[] OPTIONS =
            System.getProperty("loadingOptions", "-Xmx2g").split(" ");

    private static final CrowdedRoom ROOM = new CrowdedRoom(RoomVersions.V12, 1);
    private static final int SHARD = Partitions.of(ROOM.id().value(), RunningRoomServer.SHARDS);
    private static final int PLACES = MEMBERS + ROOM.beginning().size();

    private static final String EVENTS_OF_ROOM = """
            FROM event e JOIN room r ON r.shard = e.shard AND r.number = e.room WHERE r.room_id = '%s'""".formatted(ROOM.id().value());

    private static final int OLD_STATES = 200;
    private static final int MOST_BYTES_OF_A_CHANGE = 500;
    private static final long MILLION = 1_000_000;

    @AutoClose
    private static final RunningRoomServer server = new RunningRoomServer();

    @Test
    void aCrowdedRoomCostsLittleForEachChangeAndIsLoadedAgain() throws Exception {
        RoomGrowth growth = new RoomGrowth(server, ROOM);
        growth.joins(MEMBERS);
        growth.changes(CHANGES);
        print("a fork, told apart and merged", growth.forks);

        try (Connection connection = connection()) {
            StateStorage storage = StateStorage.read(connection);
            storage.print();
            assertThat(numbers("SELECT count(*) " + EVENTS_OF_ROOM)).containsExactly((long) growth.events);
            assertThat(storage.bytesOfAChange()).isLessThan(MOST_BYTES_OF_A_CHANGE);
        }
        readOldStates("in a database that is at work");

        server.restart();
        long begin = System.nanoTime();
        growth.changes(1);
        System.out.printf("the first command after a restart: %d ms%n", (System.nanoTime() - begin) / MILLION);

        growth.forkWithoutMerge();
        EntityLoading room = load(EntityKey.of(ROOM.id()), OPTIONS).orElseThrow();
        System.out.println("the room: " + room);
        assertThat(room.places()).isEqualTo(PLACES);
        System.out.println("a fork's resolution: " + load(newestFork(), OPTIONS).orElseThrow());
        if (MEASURED) {
            System.out.printf("the least heap to load the room in: %d MB%n", leastHeap());
            restartDatabase();
            readOldStates("in a database that has just started");
        }
    }

    // --- old states

    /** Reads each state over a connection of its own. */
    private static void readOldStates(String where) throws SQLException {
        List<Long> first = new ArrayList<>();
        List<Long> second = new ArrayList<>();
        String query =
                "SELECT e.seq " + EVENTS_OF_ROOM + " AND e.type IS NOT NULL ORDER BY random() LIMIT " + OLD_STATES;
        for (long state : numbers(query)) {
            try (Connection connection = connection()) {
                first.add(nanosToRead(connection, state));
                second.add(nanosToRead(connection, state));
            }
        }
        print("the state at an old event, over a new connection " + where, first);
        print("the same once more", second);
    }

    private static long nanosToRead(Connection connection, long state) {
        long begin = System.nanoTime();
        EventNumbers events = new StoredStates(Snapshot.of(connection), SHARD).events(state);
        long end = System.nanoTime();
        assertThat(events.contains(state)).isTrue();
        assertThat(events.size()).isLessThanOrEqualTo(PLACES);
        return end - begin;
    }

    private static void restartDatabase() {
        if (TestEngines.shared() instanceof EmbeddedTestEngines engines) {
            engines.killPostgresqlAndAwaitItsReturn();
        }
    }

    // --- loading

    private static Optional<EntityLoading> load(String key, String... options) throws Exception {
        return EntityLoading.of(url(), server.login.user(), server.login.password(), SHARD, key, options);
    }

    /** The key of the resolution of the two newest events' states, relative to the state after the older one. */
    private static String newestFork() throws SQLException {
        List<Long> ends = numbers("SELECT e.seq " + EVENTS_OF_ROOM + " ORDER BY e.seq DESC LIMIT 2");
        long room = numbers("SELECT e.room " + EVENTS_OF_ROOM + " LIMIT 1").getFirst();
        return EntityKey.ofState(room, Set.copyOf(ends), ends.getLast());
    }

    /** The smallest sufficient heap, to a thirtieth of its size. */
    private static int leastHeap() throws Exception {
        int tooLittle = 8;
        int enough = 4096;
        while (enough - tooLittle > enough / 30) {
            int tried = (tooLittle + enough) / 2;
            if (load(EntityKey.of(ROOM.id()), "-Xmx" + tried + "m").isPresent()) {
                enough = tried;
            } else {
                tooLittle = tried;
            }
        }
        return enough;
    }

    // --- the database

    private static String url() {
        String url = server.login.url();
        return url + (url.contains("?") ? "&" : "?") + "currentSchema=room";
    }

    private static Connection connection() throws SQLException {
        return DriverManager.getConnection(url(), server.login.user(), server.login.password());
    }

    private static List<Long> numbers(String query) throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            List<Long> numbers = new ArrayList<>();
            while (row.next()) {
                numbers.add(row.getLong(1));
            }
            return numbers;
        }
    }

    private static void print(String what, List<Long> nanos) {
        List<Long> sorted = nanos.stream().sorted().toList();
        if (!sorted.isEmpty()) {
            System.out.printf(
                    "%s: median %.2f ms, p95 %.2f ms, %d of them%n",
                    what,
                    (double) sorted.get(sorted.size() / 2) / MILLION,
                    (double) sorted.get(sorted.size() * 95 / 100) / MILLION,
                    sorted.size());
        }
    }
}
