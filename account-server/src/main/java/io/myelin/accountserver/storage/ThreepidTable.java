package io.myelin.accountserver.storage;

import io.myelin.accountserver.threepid.ThirdPartyId;
import io.myelin.accountserver.threepid.ThirdPartyIds;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.UnshardedTables;
import java.util.List;
import java.util.Optional;

/** The tables {@code threepid} and {@code threepid_binding}. */
public final class ThreepidTable implements ThirdPartyIds {
    private final UnshardedTables tables;

    public ThreepidTable(UnshardedTables tables) {
        this.tables = tables;
    }

    @Override
    public List<Owned> of(UserId user) {
        return tables.transact(jdbc -> jdbc.sql("""
            SELECT medium, address, validated_at, added_at FROM threepid
             WHERE user_id = ? ORDER BY added_at, address LIMIT ?\
            """)
                .params(user.value(), MOST)
                .query((row, _) ->
                        new Owned(new ThirdPartyId(row.getString(1), row.getString(2)), row.getLong(3), row.getLong(4)))
                .list());
    }

    @Override
    public Optional<UserId> owner(ThirdPartyId id) {
        return tables.transact(jdbc -> jdbc.sql("SELECT user_id FROM threepid WHERE medium = ? AND address = ?")
                .params(id.medium(), id.address())
                .query((row, _) -> new UserId(row.getString(1)))
                .optional());
    }

    @Override
    public boolean add(UserId user, ThirdPartyId id, long validatedAt, long now) {
        return tables.transact(jdbc -> jdbc.sql("""
            INSERT INTO threepid AS known (medium, address, user_id, validated_at, added_at)
            SELECT ?, ?, ?, ?, ? WHERE (SELECT count(*) FROM threepid WHERE user_id = ?) < ?
            ON CONFLICT (medium, address) DO UPDATE SET validated_at = excluded.validated_at
             WHERE known.user_id = excluded.user_id\
            """)
                        .params(id.medium(), id.address(), user.value(), validatedAt, now, user.value(), MOST)
                        .update()
                == 1);
    }

    @Override
    public boolean remove(UserId user, ThirdPartyId id) {
        return tables.transact(jdbc -> jdbc.sql("DELETE FROM threepid WHERE medium = ? AND address = ? AND user_id = ?")
                        .params(id.medium(), id.address(), user.value())
                        .update()
                == 1);
    }

    @Override
    public List<Binding> bindings(UserId user) {
        return tables.transact(jdbc -> jdbc.sql("""
            SELECT medium, address, id_server FROM threepid_binding
             WHERE user_id = ? ORDER BY medium, address, id_server LIMIT ?\
            """)
                .params(user.value(), MOST)
                .query((row, _) -> new Binding(new ThirdPartyId(row.getString(1), row.getString(2)), row.getString(3)))
                .list());
    }

    @Override
    public void bound(UserId user, Binding binding) {
        tables.transact(jdbc -> jdbc.sql("""
            INSERT INTO threepid_binding (user_id, medium, address, id_server)
            SELECT ?, ?, ?, ? WHERE (SELECT count(*) FROM threepid_binding WHERE user_id = ?) < ?
            ON CONFLICT DO NOTHING\
            """)
                .params(
                        user.value(),
                        binding.id().medium(),
                        binding.id().address(),
                        binding.idServer(),
                        user.value(),
                        MOST)
                .update());
    }

    @Override
    public void unbound(UserId user, Binding binding) {
        tables.transact(jdbc -> jdbc.sql("""
            DELETE FROM threepid_binding
             WHERE user_id = ? AND medium = ? AND address = ? AND id_server = ?\
            """)
                .params(user.value(), binding.id().medium(), binding.id().address(), binding.idServer())
                .update());
    }

    @Override
    public void removeAll(UserId user) {
        tables.transact(jdbc -> jdbc.sql("DELETE FROM threepid WHERE user_id = ?")
                .param(user.value())
                .update());
    }
}
