package io.myelin.accountserver.storage;

import io.myelin.accountserver.sso.SsoIdentities;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.UnshardedTables;
import java.util.List;
import java.util.Optional;

/** The table {@code sso_identity}. */
public final class SsoIdentityTable implements SsoIdentities {
    private final UnshardedTables tables;

    public SsoIdentityTable(UnshardedTables tables) {
        this.tables = tables;
    }

    @Override
    public Optional<UserId> user(String provider, String subject) {
        return tables.transact(jdbc -> jdbc.sql("SELECT user_id FROM sso_identity WHERE provider = ? AND subject = ?")
                .params(provider, subject)
                .query((row, _) -> new UserId(row.getString(1)))
                .optional());
    }

    @Override
    public void remember(String provider, String subject, UserId user) {
        tables.transact(
                jdbc -> jdbc.sql("""
                INSERT INTO sso_identity (provider, subject, user_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING""").params(provider, subject, user.value()).update());
    }

    @Override
    public void forget(String provider, String subject, UserId user) {
        tables.transact(jdbc -> jdbc.sql("DELETE FROM sso_identity WHERE provider = ? AND subject = ? AND user_id = ?")
                .params(provider, subject, user.value())
                .update());
    }

    @Override
    public List<External> of(UserId user) {
        return tables.transact(jdbc -> jdbc.sql("""
                SELECT provider, subject FROM sso_identity WHERE user_id = ? ORDER BY provider, subject""")
                .param(user.value())
                .query((row, _) -> new External(row.getString(1), row.getString(2)))
                .list());
    }

    @Override
    public boolean has(UserId user) {
        return tables.transact(jdbc -> jdbc.sql("SELECT EXISTS (SELECT FROM sso_identity WHERE user_id = ?)")
                .param(user.value())
                .query(Boolean.class)
                .single());
    }
}
