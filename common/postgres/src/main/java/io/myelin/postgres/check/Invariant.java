package io.myelin.postgres.check;

import java.sql.SQLException;

/** Something that holds in a service's schema after every commit. */
public interface Invariant {

    /** What is to be done where only a backup helps. */
    String RESTORE = "Restore a backup from before the damage.";

    /** A few words with hyphens between, unique in the schema, such as {@code log-is-dense}. */
    String name();

    /** A sentence for the operator: what to do where it does not hold. */
    String remedy();

    /** Looks for places where it does not hold. It reads rows as a stream, since there may be any number. */
    void check(SchemaSnapshot snapshot, Findings found) throws SQLException;
}
