package io.myelin.apart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.embedded.DataDirectory;
import io.myelin.server.service.ServiceDescriptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayTest {
    @TempDir
    Path directory;

    @Test
    void everythingThatTheTemplateAsksForIsFilledIn() throws Exception {
        try (var data = DataDirectory.open(directory)) {
            Files.createDirectories(directory.resolve("apart"));
            var ports = new Ports(data);
            var plan = Plan.of(Examples.READER + "=2", Set.of());
            var written = gateway().configuration(GatewayTemplate.read(), plan, ports);

            // Comments may mention variables.
            assertThat(written.lines().filter(line -> !line.strip().startsWith("#")))
                    .noneMatch(line -> line.contains("${"));
            for (var instance : plan.instances(Component.of(Examples.READER))) {
                assertThat(written).contains("server 127.0.0.1:" + ports.client(instance) + " ");
            }
            assertThat(written).contains("listen 127.0.0.1:8008 ", "client_max_body_size 1048576;");
        }
    }

    @Test
    void templateThatAsksForSomethingElseIsRefused() throws Exception {
        try (var data = DataDirectory.open(directory)) {
            Files.createDirectories(directory.resolve("apart"));
            assertThatThrownBy(() ->
                            gateway().configuration("${MYELIN_GATEWAY_MOON}", Plan.of("", Set.of()), new Ports(data)))
                    .hasMessageContaining("MYELIN_GATEWAY_MOON");
        }
    }

    @Test
    void templateForContainersLeavesTheirAddressesOpen() throws Exception {
        var written = GatewayTemplate.filledIn(
                GatewayTemplate.read(), new Routing(ServiceDescriptions.all()), service -> "${" + service.name() + "}");

        for (var service : ServiceDescriptions.all()) {
            assertThat(written.contains("${" + service.name() + "}"))
                    .as(service.name())
                    .isEqualTo(!service.clientRequests().isEmpty());
        }
    }

    private Gateway gateway() {
        return new Gateway(
                directory.resolve("gateway"),
                directory.resolve("gateway.log"),
                "127.0.0.1:8008",
                "127.0.0.1:8448",
                false,
                directory.resolve("c.pem"),
                directory.resolve("k.pem"),
                1 << 20);
    }
}
