package io.myelin.postgres;

import java.util.List;

/**
 * The schema in which a service keeps its rows.
 *
 * @param name as in the database, such as {@code room}
 * @param migrations the locations on the class path of the migrations that make it, such as {@code db/engine}
 * @param hasLog whether the service is one with a log; otherwise it is an ephemeral one
 */
public record ServiceSchema(String name, List<String> migrations, boolean hasLog) {

    /**
     * Tables that say who is alive. They are of no use to another database, so neither a backup nor a restore has them.
     */
    public static final List<String> OF_THE_MOMENT = List.of("instance", "server_life");

    public ServiceSchema {
        migrations = List.copyOf(migrations);
    }

    /** The schema of a service whose facts have a log; its migrations are in {@code db/migration/<name>}. */
    public static ServiceSchema ofShards(String name) {
        return new ServiceSchema(name, List.of("db/engine", "db/migration/" + name), true);
    }

    /** The schema of an ephemeral service, whose only tables say who owns which shard. */
    public static ServiceSchema ephemeral(String name) {
        return new ServiceSchema(name, List.of("db/ephemeral"), false);
    }

    /** The schema of an ephemeral service that stores states; its migrations are in {@code db/migration/<name>}. */
    public static ServiceSchema ephemeralWithTables(String name) {
        return new ServiceSchema(name, List.of("db/ephemeral", "db/migration/" + name), false);
    }
}
