package io.myelin.postgres.check;

import java.util.function.ToIntBiFunction;

/** Invariants that many tables have. */
public final class RowInvariants {

    private static final int AT_ONCE = 1_000;

    private RowInvariants() {}

    /** The numbers in a column are numbers of facts that were committed: from 1 to the last one of the row's shard. */
    public static Invariant numbersAreCommitted(String table, String column) {
        return new QueryInvariant(
                table + "-" + column + "-is-committed", Invariant.RESTORE, """
                SELECT format('shard %%s, a row of table %1$s', t.shard) AS place,
                       CASE WHEN s.id IS NULL THEN 'there is no such shard'
                            ELSE format('column %2$s has the number %%s, but the numbers of the shard are 1 to %%s',
                                        t.%2$s, s.seq) END AS what
                  FROM %1$s t LEFT JOIN shard s ON s.id = t.shard
                 WHERE s.id IS NULL OR t.%2$s > s.seq OR t.%2$s < 1""".formatted(table, column));
    }

    /** No two rows of a shard have the same number in a column. */
    public static Invariant numbersAreUnique(String table, String column) {
        return new QueryInvariant(table + "-" + column + "-is-unique", Invariant.RESTORE, """
                SELECT format('shard %%s, table %1$s', shard) AS place,
                       format('%%s rows have the number %%s in column %2$s', count(*), %2$s) AS what
                  FROM %1$s GROUP BY shard, %2$s HAVING count(*) > 1""".formatted(table, column));
    }

    /**
     * The key in a column belongs to the row's shard.
     *
     * @param shardOf computes a key's shard, given the key and the number of shards
     */
    public static Invariant keyIsOfItsShard(String table, String column, ToIntBiFunction<String, Integer> shardOf) {
        return new Invariant() {
            @Override
            public String name() {
                return table + "-is-in-its-shard";
            }

            @Override
            public String remedy() {
                return RESTORE;
            }

            @Override
            public void check(SchemaSnapshot snapshot, Findings found) throws java.sql.SQLException {
                snapshot.forEach("SELECT shard, " + column + " FROM " + table, AT_ONCE, row -> {
                    int shard = row.getInt(1);
                    String key = row.getString(2);
                    int right = shardOf.applyAsInt(key, snapshot.shards());
                    if (shard != right) {
                        found.add("shard " + shard + ", table " + table, key + " belongs to shard " + right);
                    }
                    return !found.isFull();
                });
            }
        };
    }

    /**
     * A condition holds for no row of a table.
     *
     * @param what an SQL expression on the row {@code t}: what is wrong where it holds
     * @param condition an SQL condition on the row {@code t}
     */
    public static Invariant never(String name, String table, String what, String condition, String remedy) {
        return new QueryInvariant(name, remedy, """
                SELECT format('shard %%s, a row of table %s', t.shard) AS place, %s AS what
                  FROM %s t WHERE %s""".formatted(table, what, table, condition));
    }
}
