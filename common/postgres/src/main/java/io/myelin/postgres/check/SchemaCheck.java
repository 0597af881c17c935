package io.myelin.postgres.check;

import io.myelin.postgres.ServiceSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.springframework.dao.DataAccessException;

/**
 * Looks for damage in a service's schema. Everything is read in the transaction that the caller has begun, which should
 * be a snapshot. An invariant that cannot be checked counts as damage, and the others are checked all the same.
 */
public final class SchemaCheck {

    /** How much damage of one kind is told. */
    public static final int MOST_OF_A_KIND = 100;

    /**
     * What PostgreSQL's states say of the moment and not of the rows, by class: connection, state of the transaction,
     * conflict, resources, something that is in use, intervention of an operator such as a time-out.
     */
    private static final Set<String> OF_THE_MOMENT = Set.of("08", "25", "40", "53", "55", "57");

    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private final Connection connection;
    private final ServiceSchema schema;
    private final Consumer<Damage> damages;
    private final List<Unchecked> unchecked = new ArrayList<>();

    /** @param damages is told of each damage as it is found */
    public SchemaCheck(Connection connection, ServiceSchema schema, Consumer<Damage> damages) {
        this.connection = connection;
        this.schema = schema;
        this.damages = damages;
    }

    /**
     * Checks everything.
     *
     * @param invariants those of the service; the engine's are checked in any case, first
     * @return what could not be checked
     * @throws SQLException if nothing more can be
     */
    public List<Unchecked> run(List<Invariant> invariants) throws SQLException {
        if (!exists()) {
            damages.accept(new Damage(
                    schema.name(), "schema-exists", "the database", "there is no such schema", Invariant.RESTORE));
            return List.of();
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL search_path TO " + schema.name());
        }
        List<Invariant> all = Stream.concat(EngineInvariants.of(schema.hasLog()).stream(), invariants.stream())
                .toList();
        int shards = shards();
        for (Invariant invariant : all) {
            check(invariant, new SchemaSnapshot(connection, shards));
        }
        return List.copyOf(unchecked);
    }

    private boolean exists() throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT to_regclass(? || '.shard') IS NOT NULL")) {
            query.setString(1, schema.name());
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private int shards() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM shard")) {
            row.next();
            return row.getInt(1);
        }
    }

    private void check(Invariant invariant, SchemaSnapshot snapshot) throws SQLException {
        Savepoint before = connection.setSavepoint();
        Told told = new Told(invariant);
        try {
            invariant.check(snapshot, told);
        } catch (SQLException | DataAccessException unreadable) {
            connection.rollback(before);
            if (isOfTheMoment(unreadable)) {
                unchecked.add(new Unchecked(schema.name(), invariant.name(), String.valueOf(unreadable.getMessage())));
            } else {
                told.add("the schema", "this cannot be checked: " + unreadable.getMessage());
            }
        }
        connection.releaseSavepoint(before);
    }

    private static boolean isOfTheMoment(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                String state = sql.getSQLState();
                return state.equals(INSUFFICIENT_PRIVILEGE) || OF_THE_MOMENT.contains(state.substring(0, 2));
            }
        }
        return false;
    }

    /** Tells of an invariant's damage, up to a limit. */
    private final class Told implements Findings {
        private final Invariant invariant;
        private int count;

        Told(Invariant invariant) {
            this.invariant = invariant;
        }

        @Override
        public void add(String place, String what) {
            if (!isFull()) {
                count++;
                String more = isFull() ? "; there may be more of this kind" : "";
                damages.accept(new Damage(schema.name(), invariant.name(), place, what + more, invariant.remedy()));
            }
        }

        @Override
        public boolean isFull() {
            return count >= MOST_OF_A_KIND;
        }
    }
}
