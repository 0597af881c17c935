package io.myelin.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.PasswordCallback;
import javax.security.sasl.SaslException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedEnginesIT {
    static final Path CACHE = Path.of("target", "engines").toAbsolutePath();
    static final PostgresqlSettings SETTINGS = new PostgresqlSettings(32, 20, Duration.ofSeconds(2));

    /** Short time-outs of a client without a secret, which never gets an answer. */
    private static final Map<String, String> IN_VAIN =
            Map.of("default.api.timeout.ms", "1000", "request.timeout.ms", "500");

    @TempDir
    Path directory;

    @Test
    void keepRowsAndTopicsOverStopAndStart() throws Exception {
        try (var data = DataDirectory.open(directory)) {
            try (var engines = EmbeddedEngines.start(data, CACHE, SETTINGS)) {
                execute(engines.postgresql().login(), "CREATE TABLE kept (word text)");
                execute(engines.postgresql().login(), "INSERT INTO kept VALUES ('here')");
                createTopic(engines.kafka(), "kept");
            }
            try (var engines = EmbeddedEngines.start(data, CACHE, SETTINGS)) {
                assertThat(query(engines.postgresql().login(), "SELECT word FROM kept"))
                        .isEqualTo("here");
                assertThat(topics(engines.kafka())).containsExactly("kept");
            }
        }
    }

    @Test
    void brokerServesThoseAloneWhoKnowItsSecret() throws Exception {
        try (var data = DataDirectory.open(directory);
                var kafka = EmbeddedKafka.start(data)) {
            createTopic(kafka, "mine");
            assertThat(topics(kafka)).containsExactly("mine");
            var secret = directory.resolve("kafka.secret");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                    .isEqualTo("rw-------");

            assertThatThrownBy(() -> topics(kafka, IN_VAIN)).hasMessageContaining("Timed out");
            var guessed = new BrokerAuthentication("0".repeat(64)).clientSettings();
            assertThatThrownBy(() -> topics(kafka, guessed)).hasRootCauseInstanceOf(SaslException.class);
            var controller = Integer.parseInt(
                    Files.readString(directory.resolve("kafka-controller.port")).strip());
            assertThatThrownBy(() -> quorum(controller, IN_VAIN)).hasMessageContaining("imed out");
            assertThat(quorum(controller, kafka.clientSettings())).isEqualTo(KafkaSettings.NODE_ID);
        }
    }

    @Test
    void brokerThatWasOpenToEverybodyStartsOnItsDataWithASecret() throws Exception {
        try (var data = DataDirectory.open(directory)) {
            try (var open = EmbeddedKafka.startOpen(data)) {
                createTopic(open, "kept");
            }
            try (var kafka = EmbeddedKafka.start(data)) {
                assertThat(topics(kafka)).containsExactly("kept");
            }
        }
    }

    /** An impostor at the port of a broker that is down gets a nonce, and nothing more without a proof. */
    @Test
    void clientTellsAnImpostorNothing() throws Exception {
        var client = new SecretSaslClient(secret("right"));
        var nonce = client.evaluateChallenge(new byte[0]);
        var impostor = new SecretSaslServer(secret("wrong"));

        assertThatThrownBy(() -> client.evaluateChallenge(impostor.evaluateResponse(nonce)))
                .hasMessageContaining("does not know its secret");
    }

    @Test
    void proofServesOneConnectionAlone() throws Exception {
        var client = new SecretSaslClient(secret("right"));
        var server = new SecretSaslServer(secret("right"));
        var nonce = client.evaluateChallenge(new byte[0]);
        var proof = client.evaluateChallenge(server.evaluateResponse(nonce));
        server.evaluateResponse(proof);
        assertThat(client.isComplete() && server.isComplete()).isTrue();

        var another = new SecretSaslServer(secret("right"));
        another.evaluateResponse(nonce);
        assertThatThrownBy(() -> another.evaluateResponse(proof)).isInstanceOf(SaslAuthenticationException.class);
    }

    private static CallbackHandler secret(String secret) {
        return callbacks -> ((PasswordCallback) callbacks[0]).setPassword(secret.toCharArray());
    }

    private static int quorum(int controllerPort, Map<String, String> more) throws Exception {
        var settings = clientSettings(more);
        settings.put("bootstrap.controllers", "127.0.0.1:" + controllerPort);
        try (var admin = Admin.create(settings)) {
            return admin.describeMetadataQuorum().quorumInfo().get().leaderId();
        }
    }

    @Test
    void secondServerOnTheSameDataIsToldWhoHasThem() {
        try (var data = DataDirectory.open(directory)) {
            assertThatThrownBy(() -> DataDirectory.open(directory))
                    .isInstanceOf(DataDirectoryInUse.class)
                    .hasMessageContaining(data.path().toString())
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
        }
    }

    static void execute(DatabaseLogin login, String statement) throws SQLException {
        try (var connection = DriverManager.getConnection(login.url(), login.user(), login.password());
                var s = connection.createStatement()) {
            s.execute(statement);
        }
    }

    static String query(DatabaseLogin login, String query) throws SQLException {
        try (var connection = DriverManager.getConnection(login.url(), login.user(), login.password());
                var s = connection.createStatement();
                var row = s.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    static void createTopic(EmbeddedKafka kafka, String name) throws InterruptedException, ExecutionException {
        try (var admin = admin(kafka, kafka.clientSettings())) {
            admin.createTopics(List.of(new NewTopic(name, Optional.of(4), Optional.empty())))
                    .all()
                    .get();
        }
    }

    static Iterable<String> topics(EmbeddedKafka kafka) throws InterruptedException, ExecutionException {
        return topics(kafka, kafka.clientSettings());
    }

    private static Iterable<String> topics(EmbeddedKafka kafka, Map<String, String> more)
            throws InterruptedException, ExecutionException {
        try (var admin = admin(kafka, more)) {
            return admin.listTopics().names().get();
        }
    }

    private static Admin admin(EmbeddedKafka kafka, Map<String, String> more) {
        var settings = clientSettings(more);
        settings.put("bootstrap.servers", kafka.bootstrapServers());
        return Admin.create(settings);
    }

    private static Map<String, Object> clientSettings(Map<String, String> more) {
        var settings = new HashMap<String, Object>();
        settings.put("default.api.timeout.ms", "5000");
        settings.put("request.timeout.ms", "2000");
        settings.putAll(more);
        return settings;
    }
}
