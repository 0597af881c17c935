package io.myelin.apart;

import io.myelin.contracts.room.RoomTopics;
import io.myelin.server.service.Role;
import io.myelin.server.service.ServiceDescription;
import io.myelin.server.service.ServiceDescriptions;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The services that these tests take as examples. They are found by what they do, so no test names a service. */
final class Examples {
    private static final RoutingTable TABLE = table();

    /** The server that decides about rooms. */
    static final String SERVER = ServiceDescriptions.all().stream()
            .filter(service -> service.role() == Role.SERVER && service.reads().contains(RoomTopics.INPUT))
            .map(ServiceDescription::name)
            .findFirst()
            .orElseThrow();

    /** The reader that answers {@code /sync}. */
    static final String READER = answering("GET /_matrix/client/v3/sync");

    /** The writer that takes messages. */
    static final String WRITER = answering("PUT /_matrix/client/v3/rooms/!a:b/send/m.room.message/1");

    /** The service that other servers ask for keys. */
    static final String FEDERATION = answering("GET /_matrix/key/v2/server");

    /** The server that serves the wiring page, and all requests without a rule. */
    static final String EVERYTHING_ELSE = answering("GET /");

    private Examples() {}

    /** The service that the gateway sends a request to, such as {@code GET /_matrix/client/v3/sync}. */
    static String answering(String request) {
        var words = request.split(" ", 2);
        return TABLE.componentOf(words[0], words[1]);
    }

    private static RoutingTable table() {
        try {
            return RoutingTable.of(GatewayTemplate.filledIn(
                    GatewayTemplate.read(), new Routing(ServiceDescriptions.all()), ServiceDescription::name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
