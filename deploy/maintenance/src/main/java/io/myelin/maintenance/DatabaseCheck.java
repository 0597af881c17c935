package io.myelin.maintenance;

import io.myelin.contracts.Topic;
import io.myelin.maintenance.database.Refused;
import io.myelin.postgres.AppliedMigration;
import io.myelin.postgres.SchemaRestore;
import io.myelin.postgres.ServiceSchema;
import io.myelin.postgres.Snapshot;
import io.myelin.postgres.check.Damage;
import io.myelin.postgres.check.Invariant;
import io.myelin.postgres.check.QueryInvariant;
import io.myelin.postgres.check.SchemaCheck;
import io.myelin.postgres.check.Unchecked;
import io.myelin.server.service.ServiceDescription;
import io.myelin.server.service.ServiceDescriptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Looks for damage in the schemas of all services. */
public final class DatabaseCheck {

    /**
     * What was done.
     *
     * @param schemas how many schemas were checked
     * @param unchecked what could not be
     */
    public record Done(int schemas, List<Unchecked> unchecked) {

        public Done {
            unchecked = List.copyOf(unchecked);
        }
    }

    private DatabaseCheck() {}

    /**
     * Checks every schema, each in the transaction of its connection.
     *
     * @param connections to the database with a schema
     * @param damages is told of each damage as it is found
     * @throws Refused if a schema has other migrations than this program
     */
    public static Done run(Function<ServiceSchema, Connection> connections, Consumer<Damage> damages)
            throws SQLException {
        int checked = 0;
        List<Unchecked> unchecked = new ArrayList<>();
        for (ServiceDescription service : ServiceDescriptions.all()) {
            var schema = service.schema();
            if (schema.isPresent()) {
                Connection connection = connections.apply(schema.get());
                SchemaRestore.requireEnded(connection, schema.get().name());
                requireThisVersion(connection, schema.get());
                unchecked.addAll(
                        new SchemaCheck(connection, schema.get(), damages).run(invariants(service, schema.get())));
                checked++;
            }
        }
        return new Done(checked, unchecked);
    }

    private static List<Invariant> invariants(ServiceDescription service, ServiceSchema schema) {
        List<Invariant> invariants = new ArrayList<>(service.invariants());
        if (schema.hasLog()) {
            invariants.add(ordersAreForServices());
        }
        return invariants;
    }

    /** An order is for an input that a service of this program reads. */
    private static Invariant ordersAreForServices() {
        String inputs = ServiceDescriptions.all().stream()
                .flatMap(service -> service.reads().stream())
                .filter(topic -> topic instanceof Topic.Commands<?>)
                .map(topic -> "'" + topic.name() + "'")
                .distinct()
                .collect(Collectors.joining(", "));
        return new QueryInvariant("order-is-for-a-service", Invariant.RESTORE, """
                SELECT format('shard %%s, order %%s', shard, id) AS place,
                       format('it is for %%s, which no service reads', topic) AS what
                  FROM outbox WHERE topic NOT IN (%s)""".formatted(inputs));
    }

    private static void requireThisVersion(Connection connection, ServiceSchema schema) {
        boolean exists = Snapshot.of(connection)
                .sql("SELECT to_regclass(?) IS NOT NULL")
                .param(schema.name() + ".flyway_schema_history")
                .query(Boolean.class)
                .single();
        if (!exists) {
            return;
        }
        List<AppliedMigration> applied = AppliedMigration.of(connection, schema);
        SchemaRestore.missing(schema, applied).ifPresent(script -> {
            throw new Refused("The schema " + schema.name() + " is of an earlier version of Myelin (it has not had "
                    + script + "): check it with that version, or start the server once with this one.");
        });
        SchemaRestore.unknown(schema, applied).ifPresent(migration -> {
            throw new Refused("The schema " + schema.name() + " is of a newer version of Myelin (it has had "
                    + migration.script() + "): check it with that version.");
        });
    }
}
