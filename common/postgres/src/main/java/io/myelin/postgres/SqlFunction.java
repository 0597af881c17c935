package io.myelin.postgres;

import java.sql.SQLException;

/** Work on a database. */
@FunctionalInterface
public interface SqlFunction<A, T> {
    T apply(A argument) throws SQLException;
}
