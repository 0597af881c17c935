package io.myelin.presenceserver.storage;

import io.myelin.contracts.Partitions;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.StoredStates;
import io.myelin.presenceserver.presence.KnownPresence;
import io.myelin.presenceserver.presence.PresenceRules;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code presence}: a row for each user who was ever active. Rows are a few minutes late. */
public final class PresenceTable implements StoredStates<KnownPresence> {

    private static final String LOAD = """
            SELECT user_id, last_active, set_at, status_message
              FROM presence
             WHERE shard = ? AND greatest(last_active, set_at) > ?
            """;

    private static final String WRITE = """
            INSERT INTO presence (shard, user_id, last_active, set_at, status_message)
            SELECT ?, * FROM unnest(?::text[], ?::bigint[], ?::bigint[], ?::text[])
            ON CONFLICT (shard, user_id) DO UPDATE
               SET last_active = excluded.last_active, set_at = excluded.set_at,
                   status_message = excluded.status_message
            """;

    private static final String MOVE = """
            UPDATE presence
               SET shard = now.shard
              FROM unnest(?::text[], ?::int[]) AS now(user_id, shard)
             WHERE presence.user_id = now.user_id AND presence.shard <> now.shard
            """;

    @Override
    public Map<String, KnownPresence> load(JdbcClient jdbc, int shard) {
        Map<String, KnownPresence> people = new HashMap<>();
        jdbc.sql(LOAD)
                .params(shard, System.currentTimeMillis() - PresenceRules.REMEMBERED.toMillis())
                .query(row -> {
                    String user = row.getString("user_id");
                    people.put(
                            user,
                            KnownPresence.kept(
                                    new UserId(user),
                                    row.getLong("last_active"),
                                    row.getLong("set_at"),
                                    row.getString("status_message")));
                });
        return people;
    }

    @Override
    public void write(Connection connection, int shard, Map<String, KnownPresence> states) throws SQLException {
        Collection<KnownPresence> people = states.values();
        try (PreparedStatement write = connection.prepareStatement(WRITE)) {
            write.setInt(1, shard);
            write.setArray(
                    2,
                    connection.createArrayOf(
                            "text", column(people, person -> person.user().value())));
            write.setArray(3, connection.createArrayOf("bigint", column(people, KnownPresence::lastActive)));
            write.setArray(4, connection.createArrayOf("bigint", column(people, KnownPresence::setAt)));
            write.setArray(5, connection.createArrayOf("text", column(people, PresenceTable::message)));
            write.executeUpdate();
        }
    }

    @Override
    public void reshard(Connection connection, int shardCount) throws SQLException {
        List<String> users = new ArrayList<>();
        try (PreparedStatement all = connection.prepareStatement("SELECT user_id FROM presence");
                ResultSet row = all.executeQuery()) {
            while (row.next()) {
                users.add(row.getString(1));
            }
        }
        try (PreparedStatement move = connection.prepareStatement(MOVE)) {
            move.setArray(1, connection.createArrayOf("text", users.toArray()));
            move.setArray(
                    2,
                    connection.createArrayOf(
                            "int",
                            users.stream()
                                    .map(user -> Partitions.of(user, shardCount))
                                    .toArray()));
            move.executeUpdate();
        }
    }

    /** PostgreSQL's {@code text} cannot hold U+0000. */
    private static @Nullable String message(KnownPresence person) {
        String message = person.statusMessage();
        return message == null ? null : message.replace("\u0000", "");
    }

    private static @Nullable Object[] column(
            Collection<KnownPresence> people, Function<KnownPresence, ? extends @Nullable Object> value) {
        return people.stream().map(value).toArray();
    }
}
