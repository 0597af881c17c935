package io.myelin.postgres;

import io.myelin.engine.Committed;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The engine's row of a shard. It is read in the same snapshot as the data that is answered together with it. */
public final class CommittedRow {

    private CommittedRow() {}

    /** @throws org.springframework.dao.DataAccessException if there is no such shard */
    public static Committed read(JdbcClient jdbc, int shard) {
        return jdbc.sql("SELECT incarnation, seq FROM shard WHERE id = ?")
                .param(shard)
                .query((row, _) -> new Committed(row.getLong(1), row.getLong(2)))
                .single();
    }
}
