package io.myelin.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What an ephemeral service writes down, as its store uses it.
 *
 * @param <S> what is remembered of a key
 */
public interface KeptStates<S> {

    /** All that is written down of a shard, by key. */
    Map<String, S> load(JdbcClient jdbc, int shard);

    /** Writes states over what was written down of the same keys. */
    void write(Connection connection, int shard, Map<String, S> states) throws SQLException;

    /** Files what is written down under its keys' shards of now: there are another number of them than before. */
    void reshard(Connection connection, int shardCount) throws SQLException;

    /** For a service that writes nothing down. */
    static <S> KeptStates<S> none() {
        return new KeptStates<>() {
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
