package io.myelin.apart;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.server.service.Program;
import io.myelin.server.service.Role;
import io.myelin.server.service.ServiceDescription;
import io.myelin.server.service.ServiceDescriptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Compares {@code deploy/compose} with the services' descriptions. */
class ComposeTest {
    private static final Path DIRECTORY = Path.of("..", "compose");
    /** Docker's name server in networks that compose makes. */
    private static final String RESOLVER = "127.0.0.11";
    /** What a process takes beside its heap. */
    private static final int BESIDE_HEAP_MEGABYTES = 384;

    /** The services that are deployed: those with a folder at the top, so the example is none. */
    static List<ServiceDescription> deployed() {
        return ServiceDescriptions.all().stream()
                .filter(service -> Files.isDirectory(Path.of("..", "..", service.name())))
                .toList();
    }

    @Test
    void gatewayIsConfiguredByTheDescriptions() throws IOException {
        var file = DIRECTORY.resolve("nginx.conf");
        var expected = GatewayTemplate.forContainers(deployed(), RESOLVER);
        if (System.getProperty("write") != null) {
            Files.writeString(file, expected);
        }
        assertThat(expected.lines().filter(line -> !line.strip().startsWith("#")))
                .noneMatch(line -> line.contains("${"));
        assertThat(file)
                .as("write it anew: ./mvnw -pl deploy/apart -am test -Dtest=ComposeTest -Dwrite")
                .hasContent(expected);
    }

    /** nginx's consistent hash takes all addresses of a name for one server, and goes round among them. */
    @Test
    void usersAreNotSharedOutByTheNameOfTheirService() throws IOException {
        assertThat(DIRECTORY.resolve("nginx.conf"))
                .content()
                .contains("hash $caller;")
                .doesNotContain("consistent");
    }

    @ParameterizedTest
    @MethodSource("deployed")
    void everyServiceIsThere(ServiceDescription service) throws IOException {
        var container = container(service.name());
        assertThat(container)
                .containsEntry("command", List.of(service.name()))
                .containsEntry("profiles", List.of("apart"))
                .containsEntry("restart", "unless-stopped")
                .containsEntry("stop_grace_period", "60s")
                .containsEntry("read_only", true)
                .containsEntry("cap_drop", List.of("ALL"))
                .containsEntry("security_opt", List.of("no-new-privileges:true"))
                .containsEntry("mem_limit", service.heapMegabytes() + BESIDE_HEAP_MEGABYTES + "m");
        assertThat(map(container, "environment").get("JDK_JAVA_OPTIONS"))
                .asString()
                .startsWith("-Xmx" + service.heapMegabytes() + "m ");
        assertThat(map(container, "healthcheck")).containsKeys("test", "start_period");
        assertThat(list(container, "secrets")).contains("signing.key", "internal.secret", "database.password");
    }

    @ParameterizedTest
    @MethodSource("deployed")
    void everyServiceWaitsForWhatItNeeds(ServiceDescription service) throws IOException {
        var needed = map(container(service.name()), "depends_on");
        assertThat(needed).containsKeys("postgresql", "kafka");
        assertThat(needed.values())
                .allSatisfy(condition -> assertThat(condition).isEqualTo(Map.of("condition", "service_healthy")));
        if (service.role() != Role.SERVER) {
            assertThat(needed)
                    .containsKeys(Program.of(service).remoteContracts().stream()
                            .map(contract -> contract.service())
                            .toArray(String[]::new));
        }
    }

    @ParameterizedTest
    @MethodSource("deployed")
    void everyServiceKnowsWhereTheOthersAre(ServiceDescription service) throws IOException {
        var environment = map(container(service.name()), "environment");
        for (var other : deployed()) {
            assertThat(environment)
                    .containsEntry(
                            "MYELIN_SERVICES_" + Component.of(other.name()).variable(),
                            "http://" + other.name() + ":8009");
        }
    }

    @Test
    void gatewayStartsAfterWhatItSendsRequestsTo() throws IOException {
        assertThat(map(container("gateway"), "depends_on"))
                .containsKeys(deployed().stream()
                        .filter(service -> !service.clientRequests().isEmpty())
                        .map(ServiceDescription::name)
                        .toArray(String[]::new));
    }

    private static Map<String, Object> container(String name) throws IOException {
        var options = new LoaderOptions();
        options.setMaxAliasesForCollections(1000);
        try (var reader = Files.newBufferedReader(DIRECTORY.resolve("compose.yaml"))) {
            Map<String, Object> file = new Yaml(new SafeConstructor(options)).load(reader);
            var services = map(file, "services");
            assertThat(services).as("deploy/compose/compose.yaml").containsKey(name);
            return map(services, name);
        }
    }

    @SuppressWarnings("unchecked") // YAML has no other keys here.
    private static Map<String, Object> map(Map<String, Object> in, String key) {
        return (Map<String, Object>) in.getOrDefault(key, Map.of());
    }

    @SuppressWarnings("unchecked") // The lists that are asked for are of texts.
    private static List<String> list(Map<String, Object> in, String key) {
        return (List<String>) in.getOrDefault(key, List.of());
    }
}
