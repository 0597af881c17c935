package io.myelin.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.postgres.check.Damage;
import io.myelin.postgres.check.Findings;
import io.myelin.postgres.check.Invariant;
import io.myelin.postgres.check.QueryInvariant;
import io.myelin.postgres.check.SchemaCheck;
import io.myelin.postgres.check.SchemaSnapshot;
import io.myelin.postgres.check.Unchecked;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which failures of the database are damage, and which only mean that nobody knows. */
class SchemaCheckIT {

    private static final Invariant DAMAGED =
            new QueryInvariant("note-is-short", Invariant.RESTORE, "SELECT 'note 1' AS place, 'it is long' AS what");

    private final List<Damage> damages = new ArrayList<>();

    @Test
    void aTimeOutIsNoDamageAndTheOtherInvariantsAreChecked() throws SQLException {
        List<Unchecked> unchecked = check(new Slow());

        assertThat(unchecked).singleElement().satisfies(one -> {
            assertThat(one.invariant()).isEqualTo("tried");
            assertThat(one.reason()).contains("statement timeout");
        });
        assertThat(damages).extracting(Damage::invariant).containsExactly("note-is-short");
    }

    @Test
    void aTableThatIsNotThereIsDamage() throws SQLException {
        assertThat(check(invariant("SELECT 'somewhere' AS place, 'something' AS what FROM no_such_table")))
                .isEmpty();
        assertThat(damages).extracting(Damage::invariant).containsExactly("tried", "note-is-short");
    }

    /** Takes longer than the database allows. */
    private static final class Slow implements Invariant {
        @Override
        public String name() {
            return "tried";
        }

        @Override
        public String remedy() {
            return RESTORE;
        }

        @Override
        public void check(SchemaSnapshot snapshot, Findings found) throws SQLException {
            snapshot.jdbc().sql("SET LOCAL statement_timeout = '50ms'").update();
            snapshot.jdbc().sql("SELECT pg_sleep(60)::text").query(String.class).single();
        }
    }

    private static Invariant invariant(String query) {
        return new QueryInvariant("tried", Invariant.RESTORE, query);
    }

    private List<Unchecked> check(Invariant invariant) throws SQLException {
        try (NotesDatabase notes = new NotesDatabase(2);
                Connection connection = notes.connect("check")) {
            ShardSetup.prepare(notes.schema, 1);
            connection.setAutoCommit(false);
            return new SchemaCheck(connection, ServiceSchema.ofShards("notes"), damages::add)
                    .run(List.of(invariant, DAMAGED));
        }
    }
}
