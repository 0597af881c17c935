package io.myelin.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The states that an ephemeral service stores in tables of its own.
 *
 * @param <S> the state of a key
 */
public interface StoredStates<S> {

    /** All stored states of a shard, by key. */
    Map<String, S> load(JdbcClient jdbc, int shard);

    /** Stores states; those that were stored for the same keys are overwritten. */
    void write(Connection connection, int shard, Map<String, S> states) throws SQLException;

    /**
     * Moves the stored states to the shards that their keys belong to now, because the number of shards has changed.
     */
    void reshard(Connection connection, int shardCount) throws SQLException;

    /** For a service that stores no states. */
    static <S> StoredStates<S> none() {
        return new StoredStates<>() {
            @Override
            public Map<String, S> load(JdbcClient jdbc, int shard) {
                return Map.of();
            }

            @Override
            public void write(Connection connection, int shard, Map<String, S> states) {
                throw new IllegalStateException("There is nowhere to write to");
            }

            @Override
            public void reshard(Connection connection, int shardCount) {}
        };
    }
}
