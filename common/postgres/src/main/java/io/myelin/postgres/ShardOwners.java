package io.myelin.postgres;

import io.myelin.engine.Committed;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Who owns which shard of a service, and what is committed in it, read from the rows; every process reads the same.
 *
 * @param shards by number
 * @param addresses of the instances whose leases hold
 */
public record ShardOwners(List<Shard> shards, Set<String> addresses) {

    /** @param owner null if no instance with a row owns the shard */
    public record Shard(Committed committed, @Nullable Owner owner) {}

    /** @param isAlive whether the lease holds by the clock of the database */
    public record Owner(UUID instance, String address, OffsetDateTime leaseUntil, boolean isAlive) {}

    private static final String SHARDS = """
            SELECT s.incarnation, s.seq, i.id, i.address, i.lease_until, i.lease_until > clock_timestamp() AS alive
              FROM shard s LEFT JOIN instance i ON i.id = s.owner
             ORDER BY s.id
            """;

    private static final String INSTANCES = "SELECT address FROM instance WHERE lease_until > clock_timestamp()";

    /** @throws io.myelin.engine.StoreUnavailable if the database does not answer now */
    public static ShardOwners read(ServiceDatabase database) {
        return database.read(ShardOwners::read);
    }

    private static ShardOwners read(JdbcClient jdbc) {
        List<Shard> shards = jdbc.sql(SHARDS)
                .query((row, _) -> new Shard(new Committed(row.getLong("incarnation"), row.getLong("seq")), owner(row)))
                .list();
        return new ShardOwners(
                shards, new TreeSet<>(jdbc.sql(INSTANCES).query(String.class).list()));
    }

    private static @Nullable Owner owner(ResultSet row) throws SQLException {
        UUID instance = row.getObject("id", UUID.class);
        return instance == null
                ? null
                : new Owner(
                        instance,
                        row.getString("address"),
                        row.getObject("lease_until", OffsetDateTime.class),
                        row.getBoolean("alive"));
    }
}
