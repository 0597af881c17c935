package io.myelin.engine.shard;

/** What an SQLSTATE says about trying again. */
public final class SqlStates {

    private SqlStates() {}

    /** The reason will pass: connection, resources, serialization, operator intervention, a lock, a time-out. */
    public static boolean passes(String sqlState) {
        return sqlState.startsWith("08")
                || sqlState.startsWith("40")
                || sqlState.startsWith("53")
                || sqlState.startsWith("57")
                || sqlState.startsWith("25P0")
                || sqlState.equals("55P03");
    }

    /** The transaction took too long, or needed too much memory: a smaller one may do. */
    static boolean isTooMuch(String sqlState) {
        return sqlState.equals("57014")
                || sqlState.equals("25P03")
                || sqlState.equals("25P04")
                || sqlState.equals("53200")
                || sqlState.startsWith("54");
    }

    static boolean isDuplicateKey(String sqlState) {
        return sqlState.equals("23505");
    }
}
