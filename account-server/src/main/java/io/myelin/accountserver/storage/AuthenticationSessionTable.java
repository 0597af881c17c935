package io.myelin.accountserver.storage;

import io.myelin.accountserver.authentication.AuthenticationSessions;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.postgres.UnshardedTables;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The tables {@code authentication_session} and {@code authentication_stage}. */
public final class AuthenticationSessionTable implements AuthenticationSessions {
    private static final int SLICE = 1_000;

    private final UnshardedTables tables;

    public AuthenticationSessionTable(UnshardedTables tables) {
        this.tables = tables;
    }

    @Override
    public void begin(Kept session) {
        UserId requester = session.requester();
        tables.transact(jdbc -> jdbc.sql("""
            INSERT INTO authentication_session (id, operation, requester, parameters, expires_at)
            VALUES (?, ?, ?, ?, ?)\
            """)
                .param(session.id())
                .param(session.operation())
                .param(requester == null ? null : requester.value())
                .param(CanonicalJson.encode(session.parameters()))
                .param(session.expiresAt())
                .update());
    }

    @Override
    public Optional<Kept> find(String id, long now) {
        return tables.transact(jdbc -> {
            Map<String, String> proofs = new LinkedHashMap<>();
            jdbc.sql("SELECT type, proof FROM authentication_stage WHERE session = ? ORDER BY completed_at, type")
                    .param(id)
                    .query(row -> {
                        proofs.put(row.getString(1), row.getString(2));
                    });
            return jdbc.sql("""
                SELECT operation, requester, parameters, user_id, expires_at FROM authentication_session
                 WHERE id = ? AND expires_at > ?\
                """)
                    .params(id, now)
                    .query((row, _) -> new Kept(
                            id,
                            row.getString(1),
                            user(row.getString(2)),
                            JsonParser.parseObject(row.getBytes(3), JsonRules.LENIENT),
                            proofs,
                            user(row.getString(4)),
                            row.getLong(5)))
                    .optional();
        });
    }

    private static @Nullable UserId user(@Nullable String value) {
        return value == null ? null : new UserId(value);
    }

    @Override
    public void complete(String id, String stage, String proof) {
        tables.transact(jdbc -> complete(jdbc, id, stage, proof));
    }

    /** A stage of a session that was deleted meanwhile is not kept. */
    private static int complete(JdbcClient jdbc, String id, String stage, String proof) {
        return jdbc.sql("""
            INSERT INTO authentication_stage (session, type, proof, completed_at)
            SELECT id, ?, ?, (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM authentication_session WHERE id = ?
            ON CONFLICT DO NOTHING\
            """).params(stage, proof, id).update();
    }

    /**
     * The row of the session is locked first, as everywhere, then that of the token, so that sessions that want its last use
     * come one after the other.
     */
    @Override
    public boolean hold(String id, String stage, String token, long now) {
        return tables.transact(jdbc -> {
            boolean isThere = jdbc.sql("SELECT FROM authentication_session WHERE id = ? FOR UPDATE")
                    .param(id)
                    .query((_, _) -> true)
                    .optional()
                    .isPresent();
            boolean hasOne = isThere
                    && RegistrationTokenTable.lock(jdbc, token, now)
                            .filter(known -> known.uses() == null
                                    || known.completed() + RegistrationTokenTable.pending(jdbc, token, now, id)
                                            < known.uses())
                            .isPresent();
            if (!hasOne) {
                return false;
            }
            jdbc.sql("UPDATE authentication_session SET registration_token = ? WHERE id = ? AND NOT token_spent")
                    .params(token, id)
                    .update();
            complete(jdbc, id, stage, token);
            return true;
        });
    }

    @Override
    public void remember(String id, JsonObject parameters) {
        tables.transact(jdbc -> jdbc.sql("""
            UPDATE authentication_session s SET parameters = ?
             WHERE id = ? AND user_id IS NULL
               AND NOT EXISTS (SELECT FROM authentication_stage a WHERE a.session = s.id AND a.type = ANY (?))\
            """)
                .params(CanonicalJson.encode(parameters), id, OF_ADDRESSES.toArray(String[]::new))
                .update());
    }

    @Override
    public boolean use(String id, byte[] purpose) {
        return tables.transact(
                jdbc -> jdbc.sql("""
                    UPDATE authentication_session SET purpose = ?
                     WHERE id = ? AND (purpose IS NULL OR purpose = ?)\
                    """).params(purpose, id, purpose).update() == 1);
    }

    @Override
    public Optional<Registered> register(String id, UserId user) {
        return tables.transact(jdbc -> {
            Optional<Held> session = jdbc.sql("""
                SELECT user_id, registration_token FROM authentication_session WHERE id = ? FOR UPDATE\
                """)
                    .param(id)
                    .query((row, _) -> new Held(user(row.getString(1)), row.getString(2)))
                    .optional();
            if (session.isEmpty()) {
                return Optional.empty();
            }
            Held held = session.get();
            if (held.user() != null) {
                return Optional.of(new Registered(held.user(), false));
            }
            if (held.token() != null && !RegistrationTokenTable.spend(jdbc, held.token())) {
                forgetToken(jdbc, id, held.token());
                return Optional.empty();
            }
            jdbc.sql("UPDATE authentication_session SET user_id = ?, token_spent = true WHERE id = ?")
                    .params(user.value(), id)
                    .update();
            return Optional.of(new Registered(user, true));
        });
    }

    /** The token was deleted after it was presented: the session needs another one. */
    private static void forgetToken(JdbcClient jdbc, String id, String token) {
        jdbc.sql("UPDATE authentication_session SET registration_token = NULL WHERE id = ?")
                .param(id)
                .update();
        jdbc.sql("DELETE FROM authentication_stage WHERE session = ? AND proof = ?")
                .params(id, token)
                .update();
    }

    private record Held(@Nullable UserId user, @Nullable String token) {}

    @Override
    public void unregister(String id, UserId user) {
        tables.transact(jdbc -> {
            Optional<Held> held = jdbc.sql("""
                SELECT user_id, registration_token FROM authentication_session
                 WHERE id = ? AND user_id = ? FOR UPDATE\
                """)
                    .params(id, user.value())
                    .query((row, _) -> new Held(user, row.getString(2)))
                    .optional();
            held.ifPresent(known -> {
                jdbc.sql("UPDATE authentication_session SET user_id = NULL, token_spent = false WHERE id = ?")
                        .param(id)
                        .update();
                if (known.token() != null) {
                    RegistrationTokenTable.giveBack(jdbc, known.token());
                }
            });
            return held;
        });
    }

    /** Deletes sessions that have expired; returns whether there may be more. */
    public boolean deleteExpired(long moment) {
        long now = moment - RegistrationTokenTable.GRACE_MILLIS;
        return tables.transact(jdbc -> {
            String[] over =
                    jdbc.sql("""
                        DELETE FROM authentication_session WHERE id IN (
                            SELECT id FROM authentication_session WHERE expires_at <= ? LIMIT ?
                               FOR UPDATE SKIP LOCKED)
                        RETURNING id\
                        """).params(now, SLICE).query(String.class).list().toArray(String[]::new);
            jdbc.sql("DELETE FROM authentication_stage WHERE session = ANY (?)")
                    .params(new Object[] {over})
                    .update();
            return over.length == SLICE;
        });
    }
}
