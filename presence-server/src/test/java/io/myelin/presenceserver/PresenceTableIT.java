package io.myelin.presenceserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.Partitions;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.DatabaseLogin;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.postgres.ShardSetup;
import io.myelin.presenceserver.config.PresenceServer;
import io.myelin.presenceserver.presence.KnownPresence;
import io.myelin.presenceserver.storage.PresenceTable;
import io.myelin.testing.TestEngines;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PresenceTableIT {
    private final PresenceTable table = new PresenceTable();
    private final DatabaseLogin login = login();
    private final ServiceDatabase database = ServiceDatabase.ephemeralWithTables(PresenceServer.NAME, login, 2);

    private static DatabaseLogin login() {
        var fresh = TestEngines.shared().freshDatabase("presence_table_it");
        return new DatabaseLogin(fresh.url(), fresh.user(), fresh.password());
    }

    private Connection connect() throws SQLException {
        Connection connection = DriverManager.getConnection(login.url(), login.user(), login.password());
        connection.setSchema(PresenceServer.NAME);
        return connection;
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void isReadUnderAnyNumberOfShards() throws SQLException {
        ShardSetup.prepare(database, 4, table);
        Map<String, KnownPresence> people = people(100);
        try (Connection connection = connect()) {
            for (int shard = 0; shard < 4; shard++) {
                table.write(connection, shard, of(people, shard, 4));
            }
        }
        for (int shards : new int[] {16, 2, 2}) {
            ShardSetup.prepare(database, shards, table);
            for (int each = 0; each < shards; each++) {
                int shard = each;
                assertThat(database.read(jdbc -> table.load(jdbc, shard)).keySet())
                        .as("shard %d of %d", shard, shards)
                        .isEqualTo(of(people, shard, shards).keySet());
            }
        }
    }

    @Test
    void shardsOfAnotherNumberGoOnFromTheHighestEpoch() throws SQLException {
        ShardSetup.prepare(database, 4, table);
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE shard SET epoch = 10 + id, incarnation = 3");
        }
        ShardSetup.prepare(database, 8, table);
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(*), min(epoch), max(epoch), min(incarnation) FROM shard")) {
            row.next();
            assertThat(row.getInt(1)).isEqualTo(8);
            assertThat(row.getLong(2)).isEqualTo(13);
            assertThat(row.getLong(3)).isEqualTo(13);
            assertThat(row.getLong(4)).isEqualTo(3);
        }
    }

    private static Map<String, KnownPresence> people(int count) {
        long now = System.currentTimeMillis();
        Map<String, KnownPresence> people = new HashMap<>();
        IntStream.range(0, count)
                .mapToObj(each -> UserId.parse("@user" + each + ":example.org"))
                .forEach(user -> people.put(user.value(), KnownPresence.kept(user, now, now, "here")));
        return people;
    }

    private static Map<String, KnownPresence> of(Map<String, KnownPresence> people, int shard, int shards) {
        Map<String, KnownPresence> theirs = new HashMap<>(people);
        theirs.keySet().removeIf(user -> Partitions.of(user, shards) != shard);
        return theirs;
    }
}
