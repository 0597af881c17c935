package io.myelin.allinone;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.server.service.ServiceDescriptions;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ServicesCommandTest {
    private final JsonNode services = JsonMapper.shared().readTree(ServicesCommand.json());

    @Test
    void listsEveryServiceOnTheClassPath() {
        assertThat(services)
                .extracting(service -> service.path("name").asString())
                .containsExactlyElementsOf(ServiceDescriptions.names());
        assertThat(services).allSatisfy(service -> {
            assertThat(service.path("role").asString()).isIn("server", "writer", "reader");
            assertThat(service.path("heapMegabytes").asInt()).isPositive();
        });
    }

    @Test
    void onlyServersHaveASchema() {
        assertThat(services)
                .allSatisfy(service -> assertThat(service.path("schema").isString())
                        .isEqualTo(service.path("role").asString().equals("server")));
        assertThat(named("room-server").path("schema").asString()).isEqualTo("room");
    }

    @Test
    void saysWhichServicesAServiceCalls() {
        assertThat(texts(named("client-sync").path("asks"))).contains("room-server", "account-server");
        assertThat(texts(named("room-server").path("asks"))).doesNotContain("room-server");
    }

    @Test
    void saysWhatElseAServiceMustBeAllowedTo() {
        assertThat(texts(named("room-server").path("orders"))).contains("receipt.input");
        assertThat(named("federation-send").path("connectsOutside").asBoolean()).isTrue();
        assertThat(named("room-server").path("connectsOutside").asBoolean()).isFalse();
    }

    @Test
    void saysWhatTheGatewaySends() {
        assertThat(named("room-server").path("clientRequests").isNull()).isTrue();
        var requests = named("client-sync").path("clientRequests");
        assertThat(requests.path("sharing").asString()).isEqualTo("by-user");
        assertThat(requests.path("rules"))
                .anySatisfy(rule -> assertThat("GET /_matrix/client/v3/sync?since=1")
                        .containsPattern(rule.path("pattern").asString()));
        assertThat(services)
                .filteredOn(service ->
                        service.path("clientRequests").path("everythingElse").asBoolean(false))
                .hasSize(1);
    }

    private JsonNode named(String name) {
        return StreamSupport.stream(services.spliterator(), false)
                .filter(service -> service.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asString)
                .toList();
    }
}
