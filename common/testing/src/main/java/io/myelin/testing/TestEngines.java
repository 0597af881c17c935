package io.myelin.testing;

import io.myelin.embedded.DatabaseLogin;

/**
 * A real PostgreSQL and a real Kafka for the tests of one JVM, started when first asked for and stopped with it.
 *
 * <p>{@link #shared()} serves tests that only use them. {@link #embedded()} serves those that kill, stop and wipe:
 * never run such tests beside others in one JVM.
 */
public interface TestEngines {
    /**
     * An empty database of this name and the login of its owner, who is no superuser. A database that an earlier call
     * made under the name is dropped, with its connections.
     *
     * @param name lower-case letters, digits and underscores
     */
    DatabaseLogin freshDatabase(String name);

    /** For {@code bootstrap.servers}. Topics are not made by themselves. */
    String bootstrapServers();

    /** Containers where a Docker engine answers and has the images, else the {@link #embedded()} ones. */
    static TestEngines shared() {
        return SharedEngines.get();
    }

    /** The embedded engines, with the means to hurt them. */
    static EmbeddedTestEngines embedded() {
        return EmbeddedTestEngines.get();
    }
}
