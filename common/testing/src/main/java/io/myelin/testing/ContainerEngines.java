package io.myelin.testing;

import com.github.dockerjava.api.exception.NotFoundException;
import io.myelin.embedded.DatabaseLogin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** PostgreSQL and Kafka as containers, for machines that have Docker and the images. Images are never downloaded. */
final class ContainerEngines implements TestEngines {
    private static final String POSTGRESQL_IMAGE = "postgres:18";
    private static final String KAFKA_IMAGE = "apache/kafka:4.2.0";
    private static final String ROLE = "myelin";

    private final PostgreSQLContainer postgresql = new PostgreSQLContainer(POSTGRESQL_IMAGE);
    private final KafkaContainer kafka =
            new KafkaContainer(KAFKA_IMAGE).withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");

    private ContainerEngines() {
        postgresql.start();
        kafka.start();
        execute("CREATE ROLE " + ROLE + " LOGIN PASSWORD '" + ROLE + "'");
    }

    static Optional<TestEngines> startIfPossible() {
        return dockerAnswers() && hasImages() ? Optional.of(new ContainerEngines()) : Optional.empty();
    }

    private static boolean dockerAnswers() {
        // Checked first, since Testcontainers takes seconds to find that there is no Docker.
        var mayBeThere = System.getenv("DOCKER_HOST") != null || Files.exists(Path.of("/var/run/docker.sock"));
        return mayBeThere && DockerClientFactory.instance().isDockerAvailable();
    }

    private static boolean hasImages() {
        var docker = DockerClientFactory.instance().client();
        try {
            docker.inspectImageCmd(POSTGRESQL_IMAGE).exec();
            docker.inspectImageCmd(KAFKA_IMAGE).exec();
            return true;
        } catch (NotFoundException missing) {
            return false;
        }
    }

    @Override
    public DatabaseLogin freshDatabase(String name) {
        execute("DROP DATABASE IF EXISTS \"" + name + "\" WITH (FORCE)");
        execute("CREATE DATABASE \"" + name + "\" OWNER " + ROLE);
        var url = "jdbc:postgresql://" + postgresql.getHost() + ":" + postgresql.getFirstMappedPort() + "/" + name;
        return new DatabaseLogin(url, ROLE, ROLE);
    }

    @Override
    public String bootstrapServers() {
        return kafka.getBootstrapServers();
    }

    private void execute(String statement) {
        try (var connection = DriverManager.getConnection(
                        postgresql.getJdbcUrl(), postgresql.getUsername(), postgresql.getPassword());
                var s = connection.createStatement()) {
            s.execute(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(statement, e);
        }
    }
}
