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
            GET,     /_matrix/client/v3/rooms/%21a%2Fstate/state/m.room.name/,  client-sync
            GET,     /_matrix/client/v3/rooms/!a:b/state,                       client-sync
            HEAD,    /_matrix/client/v3/sync?timeout=0,                         client-sync
            POST,    /_matrix/client/v3/sync,                                   client-sync
            DELETE,  /_matrix/client/v3/rooms/!a:b/messages,                    client-sync
            PATCH,   /_matrix/client/v3/rooms/!a:b/state,                       client-sync
            PUT,     /_matrix/client/v3/rooms/!a:b/state/m.room.name,           client-room-send
            OPTIONS, /_matrix/client/v3/rooms/!a:b/state/m.room.name,           client-room-send
            GET,     /_matrix/client/v3/presence/@a:b/status,                   client-sync
            PUT,     /_matrix/client/v3/presence/@a:b/status,                   client-room-send
            GET,     /_matrix/client/v3/rooms/!a:b/aliases,                     client-room-send
            PUT,     /_matrix/client/v3/user/@a:b/rooms/!a:b/account_data/x,    account-server
            GET,     /_matrix/client/v3/syncing,                                account-server
            GET,     /,                                                         account-server
            GET,     /_myelin/wiring,                                           account-server
            GET,     /_matrix/key/v2/server,                                    federation-send
            PUT,     /_matrix/federation/v1/send/1,                             federation-send
            GET,     /_myelin/internal/status,                                  nobody
            POST,    //_myelin//internal/users,                                 nobody
            """)
    void requestGoesWhereItBelongs(String method, String uri, String component) {
        assertThat(table.componentOf(method, uri)).isEqualTo(component);
    }
}
