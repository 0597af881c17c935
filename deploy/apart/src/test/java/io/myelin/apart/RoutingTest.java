package io.myelin.apart;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.server.service.ServiceDescription;
import io.myelin.server.service.ServiceDescriptions;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RoutingTest {
    private RoutingTable table = new RoutingTable(List.of(), "");

    @BeforeEach
    void readTable() throws IOException {
        table = RoutingTable.of(GatewayTemplate.filledIn(
                GatewayTemplate.read(), new Routing(ServiceDescriptions.all()), ServiceDescription::name));
    }

    static Stream<Named<ServiceDescription>> servicesForClients() {
        return ServiceDescriptions.all().stream()
                .filter(service -> !service.clientRequests().isEmpty())
                .map(service -> Named.of(service.name(), service));
    }

    @ParameterizedTest
    @MethodSource("servicesForClients")
    void everyMappingOfAServiceIsSentToIt(ServiceDescription service) {
        var endpoints = Endpoint.below(service.getClass().getPackageName());

        assertThat(endpoints).isNotEmpty().allSatisfy(endpoint -> {
            assertThat(table.componentOf(endpoint.method(), endpoint.path()))
                    .as("%s %s", endpoint.method(), endpoint.path())
                    .isEqualTo(service.name());
            assertThat(table.componentOf(endpoint.method(), endpoint.path() + "?access_token=a/b"))
                    .isEqualTo(service.name());
        });
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            GET,     /_matrix/client/v3/rooms/%21a%2Fstate/state/m.room.name/, GET /_matrix/client/v3/sync
            GET,     /_matrix/client/v3/rooms/!a:b/state, GET /_matrix/client/v3/sync
            HEAD,    /_matrix/client/v3/sync?timeout=0, GET /_matrix/client/v3/sync
            POST,    /_matrix/client/v3/sync, GET /_matrix/client/v3/sync
            DELETE,  /_matrix/client/v3/rooms/!a:b/messages, GET /_matrix/client/v3/sync
            PATCH,   /_matrix/client/v3/rooms/!a:b/state, GET /_matrix/client/v3/sync
            PUT,     /_matrix/client/v3/rooms/!a:b/state/m.room.name, PUT /_matrix/client/v3/rooms/!a:b/send/m.room.message/1
            OPTIONS, /_matrix/client/v3/rooms/!a:b/state/m.room.name, PUT /_matrix/client/v3/rooms/!a:b/send/m.room.message/1
            GET,     /_matrix/client/v3/presence/@a:b/status, GET /_matrix/client/v3/sync
            PUT,     /_matrix/client/v3/presence/@a:b/status, PUT /_matrix/client/v3/rooms/!a:b/send/m.room.message/1
            GET,     /_matrix/client/v3/rooms/!a:b/aliases, PUT /_matrix/client/v3/rooms/!a:b/send/m.room.message/1
            PUT,     /_matrix/client/v3/user/@a:b/rooms/!a:b/account_data/x, POST /_matrix/client/v3/login
            GET,     /_matrix/client/v3/syncing, POST /_matrix/client/v3/login
            GET,     /, POST /_matrix/client/v3/login
            GET,     /_myelin/wiring, POST /_matrix/client/v3/login
            GET,     /_matrix/key/v2/server, GET /_matrix/key/v2/server
            PUT,     /_matrix/federation/v1/send/1, GET /_matrix/key/v2/server
            """)
    void requestGoesWhereAnotherOfItsKindGoes(String method, String uri, String another) {
        assertThat(table.componentOf(method, uri)).isEqualTo(Examples.answering(another));
    }

    @ParameterizedTest
    @CsvSource({"GET, /_myelin/internal/status", "POST, //_myelin//internal/users"})
    void internalRequestGoesToNobody(String method, String uri) {
        assertThat(table.componentOf(method, uri)).isEqualTo("nobody");
    }
}
