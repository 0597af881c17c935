package io.myelin.accountserver.storage;

import io.myelin.accountserver.rendezvous.MeetingStore;
import io.myelin.accountserver.rendezvous.Rendezvous;
import io.myelin.postgres.UnshardedTables;
import java.util.Optional;

/** The table {@code rendezvous}. */
public final class RendezvousTable implements MeetingStore {
    /** How many places of one protocol are open at most, about. */
    private static final int MOST = 1_000;

    private static final int SLICE = 1_000;

    private final UnshardedTables tables;

    public RendezvousTable(UnshardedTables tables) {
        this.tables = tables;
    }

    @Override
    public boolean insert(String protocol, Rendezvous opened) {
        return tables.transact(jdbc -> jdbc.sql("""
            INSERT INTO rendezvous (id, protocol, data, token, modified_at, expires_at)
            SELECT ?, ?, ?, ?, ?, ?
             WHERE (SELECT count(*) FROM rendezvous WHERE protocol = ? AND expires_at > ?) < ?\
            """)
                        .params(
                                opened.id(),
                                protocol,
                                opened.data(),
                                opened.token(),
                                opened.modifiedAt(),
                                opened.expiresAt(),
                                protocol,
                                opened.modifiedAt(),
                                MOST)
                        .update()
                == 1);
    }

    @Override
    public Optional<Rendezvous> find(String protocol, String id, long now) {
        return tables.transact(jdbc -> jdbc.sql("""
            SELECT data, token, modified_at, expires_at FROM rendezvous
             WHERE id = ? AND protocol = ? AND expires_at > ?\
            """)
                .params(id, protocol, now)
                .query((row, _) ->
                        new Rendezvous(id, row.getString(1), row.getString(2), row.getLong(3), row.getLong(4)))
                .optional());
    }

    @Override
    public boolean replace(String protocol, String id, String seen, String data, String token, long now) {
        return tables.transact(jdbc ->
                jdbc.sql("""
                    UPDATE rendezvous SET data = ?, previous = token, token = ?, modified_at = ?
                     WHERE id = ? AND protocol = ? AND token = ? AND expires_at > ?\
                    """).params(data, token, now, id, protocol, seen, now).update() == 1);
    }

    @Override
    public boolean isRepeated(String protocol, String id, String seen, String data) {
        return tables.transact(
                jdbc -> jdbc.sql("SELECT FROM rendezvous WHERE id = ? AND protocol = ? AND previous = ? AND data = ?")
                        .params(id, protocol, seen, data)
                        .query((_, _) -> true)
                        .optional()
                        .isPresent());
    }

    @Override
    public boolean delete(String protocol, String id, long now) {
        return tables.transact(
                jdbc -> jdbc.sql("DELETE FROM rendezvous WHERE id = ? AND protocol = ? AND expires_at > ?")
                                .params(id, protocol, now)
                                .update()
                        == 1);
    }

    /** Deletes a slice of those that have expired; returns whether there may be more. */
    public boolean deleteExpired(long now) {
        return tables.transact(jdbc -> jdbc.sql("""
            DELETE FROM rendezvous WHERE id IN (
                SELECT id FROM rendezvous WHERE expires_at <= ? LIMIT ? FOR UPDATE SKIP LOCKED)\
            """).params(now, SLICE).update() == SLICE);
    }
}
