package io.myelin.apart;

import io.myelin.server.service.ServiceDescription;
import io.myelin.server.service.ServiceDescriptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * The template of the gateway's configuration, {@code deploy/gateway/nginx.conf}, filled in with the routes and upstreams
 * of the services on the class path. Its main method prints the template with the variables that are left to
 * {@code envsubst}.
 */
public final class GatewayTemplate {
    private GatewayTemplate() {}

    public static void main(String[] arguments) throws IOException {
        System.out.print(filledIn(
                read(),
                new Routing(ServiceDescriptions.all()),
                service -> "${MYELIN_GATEWAY_" + Component.of(service.name()).variable() + "}"));
    }

    /** @param servers nginx's {@code server} lines for the instances of a service, or a variable for them */
    static String filledIn(String template, Routing routing, Function<ServiceDescription, String> servers) {
        return template.replace("${MYELIN_GATEWAY_RULES}", routing.rules())
                .replace("${MYELIN_GATEWAY_EVERYTHING_ELSE}", routing.everythingElse())
                .replace("${MYELIN_GATEWAY_UPSTREAMS}", routing.upstreams(servers));
    }

    /** The unchanged template of {@code deploy/gateway}. */
    static String read() throws IOException {
        try (InputStream resource = GatewayTemplate.class.getResourceAsStream("nginx.conf")) {
            if (resource == null) {
                throw new IllegalStateException("nginx.conf is not on the class path");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
