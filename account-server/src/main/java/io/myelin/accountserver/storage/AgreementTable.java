package io.myelin.accountserver.storage;

import io.myelin.accountserver.registration.Agreements;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.UnshardedTables;

/** The table {@code agreement}. */
public final class AgreementTable implements Agreements.Store {
    private final UnshardedTables tables;

    public AgreementTable(UnshardedTables tables) {
        this.tables = tables;
    }

    @Override
    public void agreed(UserId user, String version, long now) {
        tables.transact(jdbc -> jdbc.sql("""
                INSERT INTO agreement (user_id, version, agreed_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING""").params(user.value(), version, now).update());
    }
}
