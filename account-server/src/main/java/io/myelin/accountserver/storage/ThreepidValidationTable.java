package io.myelin.accountserver.storage;

import io.myelin.accountserver.threepid.ThirdPartyId;
import io.myelin.accountserver.threepid.Validation;
import io.myelin.accountserver.threepid.ValidationStore;
import io.myelin.postgres.UnshardedTables;
import java.util.Optional;

/** The table {@code threepid_validation}. */
public final class ThreepidValidationTable implements ValidationStore {
    private static final int SLICE = 1_000;

    private final UnshardedTables tables;

    public ThreepidValidationTable(UnshardedTables tables) {
        this.tables = tables;
    }

    @Override
    public Begun begin(Validation wanted, long now) {
        return tables.transact(jdbc -> {
            Optional<String> sent = jdbc.sql("""
                    INSERT INTO threepid_validation AS known
                           (sid, purpose, medium, address, secret, code, send_attempt, next_link, expires_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (purpose, medium, address, secret) DO UPDATE
                       SET code = excluded.code, send_attempt = excluded.send_attempt,
                           next_link = excluded.next_link,
                           expires_at = CASE WHEN known.validated_at IS NULL OR known.expires_at <= ?
                                             THEN excluded.expires_at ELSE known.expires_at END,
                           validated_at = CASE WHEN known.expires_at > ? THEN known.validated_at END
                     WHERE known.send_attempt < excluded.send_attempt OR known.expires_at <= ?
                    RETURNING sid""")
                    .param(wanted.sid())
                    .param(wanted.purpose().word())
                    .param(wanted.of().medium())
                    .param(wanted.of().address())
                    .param(wanted.secret())
                    .param(wanted.code())
                    .param(wanted.sendAttempt())
                    .param(wanted.nextLink())
                    .param(wanted.expiresAt())
                    .param(now)
                    .param(now)
                    .param(now)
                    .query(String.class)
                    .optional();
            return sent.map(sid -> new Begun(sid, true))
                    .orElseGet(() -> new Begun(
                            jdbc.sql("""
                    SELECT sid FROM threepid_validation
                     WHERE purpose = ? AND medium = ? AND address = ? AND secret = ?""")
                                    .params(
                                            wanted.purpose().word(),
                                            wanted.of().medium(),
                                            wanted.of().address(),
                                            wanted.secret())
                                    .query(String.class)
                                    .single(),
                            false));
        });
    }

    @Override
    public void forgetAttempt(String sid) {
        tables.transact(jdbc -> jdbc.sql("UPDATE threepid_validation SET send_attempt = send_attempt - 1 WHERE sid = ?")
                .param(sid)
                .update());
    }

    @Override
    public boolean deleteConfirmed(String sid, Validation.Purpose purpose, long now) {
        return tables.transact(
                jdbc -> jdbc.sql("""
                        DELETE FROM threepid_validation
                         WHERE sid = ? AND purpose = ? AND validated_at IS NOT NULL AND expires_at > ?""").params(sid, purpose.word(), now).update() > 0);
    }

    @Override
    public void confirm(String sid, long now) {
        tables.transact(jdbc -> jdbc.sql(
                        "UPDATE threepid_validation SET validated_at = ? WHERE sid = ? AND validated_at IS NULL")
                .params(now, sid)
                .update());
    }

    @Override
    public Optional<Validation> find(String sid, long now) {
        return tables.transact(jdbc -> jdbc.sql("""
                SELECT purpose, medium, address, secret, code, send_attempt, next_link, expires_at, validated_at
                  FROM threepid_validation WHERE sid = ? AND expires_at > ?""")
                .params(sid, now)
                .query((row, _) -> new Validation(
                        sid,
                        Validation.Purpose.of(row.getString(1)),
                        new ThirdPartyId(row.getString(2), row.getString(3)),
                        row.getString(4),
                        row.getBytes(5),
                        row.getLong(6),
                        row.getString(7),
                        row.getLong(8),
                        row.getObject(9, Long.class)))
                .optional());
    }

    /** Deletes validations that have expired; returns whether there may be more. */
    public boolean deleteExpired(long now) {
        return tables.transact(jdbc -> jdbc.sql("""
                        DELETE FROM threepid_validation WHERE sid IN (
                            SELECT sid FROM threepid_validation WHERE expires_at <= ? LIMIT ?
                               FOR UPDATE SKIP LOCKED)""").params(now, SLICE).update() == SLICE);
    }
}
