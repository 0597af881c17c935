package io.myelin.postgres;

/** The databases that have the services' schemas: one for all, or another for some. */
@FunctionalInterface
public interface Databases {

    /**
     * How to reach the database with a service's schema. Waits until the database takes connections.
     *
     * @param schema named like the service, without {@code -server}
     */
    DatabaseLogin of(String schema);
}
