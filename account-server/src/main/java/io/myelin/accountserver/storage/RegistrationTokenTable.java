package io.myelin.accountserver.storage;

import io.myelin.accountserver.registration.RegistrationToken;
import io.myelin.accountserver.registration.RegistrationTokens;
import io.myelin.postgres.UnshardedTables;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code registration_token}. */
public final class RegistrationTokenTable implements RegistrationTokens {
    /**
     * How long a session holds its use after it has expired: a request that found the session just before may still
     * register with it.
     */
    static final long GRACE_MILLIS = 60_000;

    private static final String SELECT = """
        SELECT token, uses_allowed, expires_at, completed,
               (SELECT count(*) FROM authentication_session s
                 WHERE s.registration_token = t.token AND NOT s.token_spent AND s.expires_at > ?)
          FROM registration_token t\
        """;

    private final UnshardedTables tables;

    /** What a session needs to know of a token. */
    record Limit(@Nullable Integer uses, int completed) {}

    public RegistrationTokenTable(UnshardedTables tables) {
        this.tables = tables;
    }

    /** A token that has not expired, locked until the transaction ends. */
    static Optional<Limit> lock(JdbcClient jdbc, String token, long now) {
        return jdbc.sql("""
            SELECT uses_allowed, completed FROM registration_token
             WHERE token = ? AND (expires_at IS NULL OR expires_at > ?) FOR UPDATE\
            """)
                .params(token, now)
                .query((row, _) -> new Limit(row.getObject(1, Integer.class), row.getInt(2)))
                .optional();
    }

    /** How many other sessions hold a use of the token. */
    static int pending(JdbcClient jdbc, String token, long now, String besides) {
        return jdbc.sql("""
            SELECT count(*) FROM authentication_session
             WHERE registration_token = ? AND NOT token_spent AND expires_at > ? AND id <> ?\
            """)
                .params(token, now - GRACE_MILLIS, besides)
                .query(Integer.class)
                .single();
    }

    /** @return whether the token is still there */
    static boolean spend(JdbcClient jdbc, String token) {
        return jdbc.sql("UPDATE registration_token SET completed = completed + 1 WHERE token = ?")
                        .param(token)
                        .update()
                == 1;
    }

    /** Undoes {@link #spend}. A token that was deleted, and made anew, has not been spent. */
    static void giveBack(JdbcClient jdbc, String token) {
        jdbc.sql("UPDATE registration_token SET completed = completed - 1 WHERE token = ? AND completed > 0")
                .param(token)
                .update();
    }

    @Override
    public boolean exist() {
        return tables.transact(jdbc -> jdbc.sql("SELECT EXISTS (SELECT FROM registration_token)")
                .query(Boolean.class)
                .single());
    }

    @Override
    public int count() {
        return tables.transact(jdbc -> jdbc.sql("SELECT count(*) FROM registration_token")
                .query(Integer.class)
                .single());
    }

    @Override
    public Optional<RegistrationToken> find(String token, long now) {
        return tables.transact(jdbc -> jdbc.sql(SELECT + " WHERE token = ?")
                .params(now - GRACE_MILLIS, token)
                .query((row, _) -> token(row))
                .optional());
    }

    @Override
    public List<RegistrationToken> all(long now) {
        return tables.transact(jdbc -> jdbc.sql(SELECT + " ORDER BY token LIMIT ?")
                .params(now - GRACE_MILLIS, MOST)
                .query((row, _) -> token(row))
                .list());
    }

    @Override
    public boolean insert(String token, @Nullable Integer uses, @Nullable Long expiresAt) {
        return tables.transact(
                jdbc -> jdbc.sql("""
                    INSERT INTO registration_token (token, uses_allowed, expires_at) VALUES (?, ?, ?)
                    ON CONFLICT DO NOTHING\
                    """).param(token).param(uses).param(expiresAt).update() == 1);
    }

    @Override
    public boolean update(String token, @Nullable Integer uses, @Nullable Long expiresAt) {
        return tables.transact(
                jdbc -> jdbc.sql("UPDATE registration_token SET uses_allowed = ?, expires_at = ? WHERE token = ?")
                                .param(uses)
                                .param(expiresAt)
                                .param(token)
                                .update()
                        == 1);
    }

    @Override
    public boolean delete(String token) {
        return tables.transact(jdbc -> jdbc.sql("DELETE FROM registration_token WHERE token = ?")
                        .param(token)
                        .update()
                == 1);
    }

    private static RegistrationToken token(ResultSet row) throws SQLException {
        return new RegistrationToken(
                row.getString(1),
                row.getObject(2, Integer.class),
                row.getObject(3, Long.class),
                row.getInt(5),
                row.getInt(4));
    }
}
