package io.myelin.postgres.check;

import java.sql.SQLException;

/**
 * An invariant that a query checks: it has a row for each place where the invariant does not hold.
 *
 * @param query its columns are {@code place} and {@code what}, see {@link Damage}
 */
public record QueryInvariant(String name, String remedy, String query) implements Invariant {

    private static final int AT_ONCE = 1_000;

    @Override
    public void check(SchemaSnapshot snapshot, Findings found) throws SQLException {
        snapshot.forEach(query, AT_ONCE, row -> {
            found.add(row.getString("place"), row.getString("what"));
            return !found.isFull();
        });
    }
}
