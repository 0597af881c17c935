package io.myelin.testing;

import io.myelin.embedded.DatabaseLogin;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;

/**
 * A real PostgreSQL and a real Kafka for the tests of one JVM, started when first asked for and stopped with it.
 *
 * <p>{@link #shared()} is for tests that only use the engines. {@link #embedded()} is for tests that kill, stop or wipe
 * them; never run such tests beside others in one JVM.
 */
public interface TestEngines {
    /** What Kafka's protocol calls the offset after a partition's last record. */
    long END_OF_PARTITION = -1;

    /**
     * Creates an empty database of this name, and returns the login of its owner, which is no superuser. A database
     * that an earlier call created under the name is dropped, with its connections.
     *
     * @param name lower-case letters, digits and underscores
     */
    DatabaseLogin freshDatabase(String name);

    /** For {@code bootstrap.servers}. Topics are not created automatically. */
    String bootstrapServers();

    /**
     * Deletes all records of all topics, so that a consumer that reads from the beginning finds nothing of earlier
     * tests.
     */
    default void emptyTopics() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
            admin.describeTopics(admin.listTopics().names().get())
                    .allTopicNames()
                    .get()
                    .forEach((topic, described) -> described
                            .partitions()
                            .forEach(partition -> all.put(
                                    new TopicPartition(topic, partition.partition()),
                                    RecordsToDelete.beforeOffset(END_OF_PARTITION))));
            admin.deleteRecords(all).all().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("The broker has not emptied its topics", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    /** Containers where a Docker engine answers and has the images, else the {@link #embedded()} ones. */
    static TestEngines shared() {
        return SharedEngines.get();
    }

    /** The embedded engines, with methods to kill, stop and wipe them. */
    static EmbeddedTestEngines embedded() {
        return EmbeddedTestEngines.get();
    }
}
