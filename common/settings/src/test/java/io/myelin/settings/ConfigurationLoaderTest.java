package io.myelin.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class ConfigurationLoaderTest {
    private static final KnownSettings WITH_A_SERVICE =
            new KnownSettings(List.of(SomeServerSettings.class), List.of("some-server"), List.of("some-server"));

    @ConfigurationProperties("myelin")
    record SomeServerSettings(@DefaultValue Limits limits) {
        record Limits(
                @Setting(value = "How many dreams one user may have.", min = 1, max = 9) @DefaultValue("3")
                int dreams) {}
    }

    @TempDir
    Path directory;

    private final Map<String, Object> variables = new HashMap<>();

    @Test
    void defaultsNeedNoFile() throws IOException {
        var properties = ConfigurationLoader.load(environment(), null, Map.of());
        assertThat(properties.serverName()).isEqualTo("localhost");
        assertThat(properties.listeners().clientPort()).isEqualTo(8008);
        assertThat(properties.database().isEmbedded()).isTrue();
        assertThat(properties.baseUrl()).isEqualTo("http://localhost:8008");
    }

    @Test
    void passwordOfTheDatabaseMayBeInAFile() throws IOException {
        var password = Files.writeString(directory.resolve("password"), "from a file\n");
        assertThat(load("database:\n  password-file: " + password).database().givenPassword())
                .isEqualTo("from a file");
        assertThat(load("database:\n  password: from the configuration")
                        .database()
                        .givenPassword())
                .isEqualTo("from the configuration");
        assertThat(load("").database().givenPassword()).isEmpty();
        assertThatThrownBy(() -> load("database:\n  password: one\n  password-file: " + password))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("database.password and database.password-file are both set");
        var missing = load("database:\n  password-file: " + directory.resolve("missing"))
                .database();
        assertThatThrownBy(missing::givenPassword)
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("missing cannot be read");
    }

    @Test
    void aServiceMayHaveADatabaseOfItsOwn() throws IOException {
        var environment = environment();
        variables.put("MYELIN_DATABASES_SOME_SERVER", "jdbc:postgresql://a,b/some");

        ConfigurationLoader.load(environment, null, Map.of(), WITH_A_SERVICE);

        assertThat(environment.getProperty("myelin.databases.some-server")).isEqualTo("jdbc:postgresql://a,b/some");
    }

    @Test
    void theAddressOfADatabaseIsNotPrintedSinceItMayHaveAPassword() {
        variables.put("MYELIN_DATABASES_SOME_SERVER", "postgres://a/some?password=hidden");

        assertThatThrownBy(() -> ConfigurationLoader.load(environment(), null, Map.of(), WITH_A_SERVICE))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("databases.some-server")
                .hasMessageNotContaining("hidden");
    }

    @Test
    void readsTheFile() throws IOException {
        var properties = load("""
                server-name: example.org
                listeners:
                  client-port: 9000
                limits:
                  command-deadline: 5s
                """);
        assertThat(properties.serverName()).isEqualTo("example.org");
        assertThat(properties.listeners().clientPort()).isEqualTo(9000);
        assertThat(properties.limits().commandDeadline()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void testModeIsRefusedWhereOthersThanThisMachineListen() throws IOException {
        assertThatThrownBy(() -> load("test-mode: true\nlisteners:\n  address: 0.0.0.0\n"))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("0.0.0.0")
                .hasMessageContaining("test-mode-exposed");
        assertThatThrownBy(() -> load("test-mode: true\nlisteners:\n  internal-address: 10.0.0.1\n"))
                .hasMessageContaining("10.0.0.1");
        assertThat(load("test-mode: true\nlisteners:\n  address: '::1'\n").testMode())
                .isTrue();
        assertThat(load("test-mode: true\ntest-mode-exposed: true\nlisteners:\n  address: 0.0.0.0\n")
                        .testMode())
                .isTrue();
    }

    @Test
    void clientsOfAnExistingKafkaAreToldHowItIsSpokenTo() throws IOException {
        var further = Files.writeString(
                directory.resolve("kafka.properties"), "ssl.truststore.location=/trust\nsasl.mechanism=PLAIN\n");
        var properties = load("""
                kafka:
                  bootstrap-servers: broker:9093
                  security-protocol: SASL_SSL
                  sasl-mechanism: SCRAM-SHA-512
                  sasl-jaas-config: a.Module required password="x";
                  properties-file: %s
                """.formatted(further));
        assertThat(properties.kafka().clientSettings())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "security.protocol", "SASL_SSL",
                        "sasl.mechanism", "SCRAM-SHA-512",
                        "sasl.jaas.config", "a.Module required password=\"x\";",
                        "ssl.truststore.location", "/trust"));
        assertThat(load("server-name: a.b").kafka().clientSettings()).isEmpty();
        var missing = load("kafka:\n  properties-file: /nowhere/at.all\n").kafka();
        assertThatThrownBy(() -> missing.clientSettings())
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("kafka.properties-file");
    }

    @Test
    void environmentOverridesTheFile() throws IOException {
        variables.put("MYELIN_SERVER_NAME", "from.environment");
        variables.put("MYELIN_LISTENERS_CLIENT_PORT", "9001");
        var properties = load("server-name: from.file");
        assertThat(properties.serverName()).isEqualTo("from.environment");
        assertThat(properties.listeners().clientPort()).isEqualTo(9001);
    }

    @Test
    void everySettingHasAnEnvironmentVariableThatSpringFinds() throws IOException {
        for (var setting : SettingDescription.all(WITH_A_SERVICE)) {
            variables.clear();
            variables.put(setting.environmentVariable(), "no value of any type but text \u0000");
            if (setting.type() == int.class || setting.type() == boolean.class) {
                assertThatThrownBy(() -> load(""))
                        .isInstanceOf(ConfigurationRefused.class)
                        .hasMessageStartingWith("Environment variable " + setting.environmentVariable());
            }
        }
    }

    @Test
    void argumentsOverrideTheEnvironment() throws IOException {
        variables.put("MYELIN_DATA", "/environment");
        var properties = ConfigurationLoader.load(environment(), null, Map.of("data", "/argument"));
        assertThat(properties.data()).isEqualTo(Path.of("/argument"));
    }

    @Test
    void refusesUnknownKeyNamingItsLineAndWhatIsAllowed() {
        assertThatThrownBy(() -> load("""
                server-name: example.org
                rooms:
                  default-verson: 12
                """))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("myelin.yaml:3: rooms.default-verson: there is no such key.")
                .hasMessageContaining("rooms.default-version");
    }

    @Test
    void serviceHasSettingsOfItsOwnBesideOthersOfTheSameSection() throws IOException {
        var file =
                Files.writeString(directory.resolve("myelin.yaml"), "limits:\n  dreams: 2\n  command-deadline: 5s\n");
        var settings = ConfigurationLoader.load(environment(), file, Map.of(), WITH_A_SERVICE);
        assertThat(settings.of(SomeServerSettings.class).limits().dreams()).isEqualTo(2);
        assertThat(settings.server().limits().commandDeadline()).isEqualTo(Duration.ofSeconds(5));
        assertThatThrownBy(() -> load("limits: {dreams: 10}"))
                .hasMessageEndingWith(":1: limits.dreams: '10' is not allowed. Allowed is a whole number from 1 to 9.");
    }

    @Test
    void knowsWhereServicesAreByTheirNames() throws IOException {
        load("services: {some-server: 'http://10.0.0.1:1,http://10.0.0.2:1'}");
        assertThatThrownBy(() -> load("services: {some-server: 10.0.0.1}"))
                .hasMessageContaining(":1: services.some-server: '10.0.0.1' is not allowed.");
        assertThatThrownBy(() -> load("services: {another-server: 'http://10.0.0.1:1'}"))
                .hasMessageContaining("services.another-server: there is no such key.");
    }

    @Test
    void refusesUnknownVariable() {
        variables.put("MYELIN_SERVERNAMES", "x");
        assertThatThrownBy(() -> load(""))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("MYELIN_SERVERNAMES");
    }

    @Test
    void refusesValueOfWrongTypeNamingItsLineAndWhatIsAllowed() {
        assertThatThrownBy(() -> load("""

                listeners:
                  client-port: eight
                """))
                .hasMessage(
                        "%s:3: listeners.client-port: 'eight' is not allowed. "
                                + "Allowed is a whole number from 1 to 65535.",
                        directory.resolve("myelin.yaml"));
    }

    @Test
    void refusesValueOutOfBounds() {
        assertThatThrownBy(() -> load("shards: 12"))
                .hasMessageEndingWith(":1: shards: '12' is not allowed. Allowed is a power of two from 1 to 1024.");
    }

    @Test
    void refusesVersionOfRoomsThatWeCannotMake() {
        assertThatThrownBy(() -> load("rooms: {default-version: \"99\"}"))
                .hasMessageEndingWith(":1: rooms.default-version: '99' is not allowed. Allowed is one of "
                        + RoomVersions.supported().stream().map(RoomVersion::id).collect(Collectors.joining(", "))
                        + ".");
    }

    @Test
    void saysAllMistakesAtOnce() {
        assertThatThrownBy(() -> load("""
                nonsense: 1
                shards: many
                """)).hasMessageContaining(":1: nonsense").hasMessageContaining(":2: shards");
    }

    @Test
    void refusesWhatIsNotYaml() {
        assertThatThrownBy(() -> load("server-name: ["))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining("myelin.yaml:");
    }

    @Test
    void refusesCertificateWithoutKey() {
        assertThatThrownBy(() -> load("tls: {certificate: /cert.pem}"))
                .hasMessage("tls.certificate and tls.private-key belong together: set both or neither.");
    }

    private ServerSettings load(String yaml) throws IOException {
        var file = Files.writeString(directory.resolve("myelin.yaml"), yaml);
        return ConfigurationLoader.load(environment(), file, Map.of(), WITH_A_SERVICE)
                .server();
    }

    private StandardEnvironment environment() {
        return new StandardEnvironment() {
            @Override
            protected void customizePropertySources(org.springframework.core.env.MutablePropertySources sources) {}

            @Override
            public Map<String, Object> getSystemEnvironment() {
                return variables;
            }

            {
                getPropertySources()
                        .addLast(new SystemEnvironmentPropertySource(
                                SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
            }
        };
    }
}
