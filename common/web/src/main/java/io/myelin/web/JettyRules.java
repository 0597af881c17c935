package io.myelin.web;

import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.eclipse.jetty.ee11.servlet.ServletHandler;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.Container;
import org.springframework.boot.jetty.JettyServerCustomizer;

/**
 * Configures Jetty. Any identifier may stand in a path ({@code %2F}, {@code %2E} and {@code ;} are part of it, not
 * structure). Addresses may be long, since they can contain a filter. Requests may be parked. What Jetty itself refuses
 * is answered with a Matrix error.
 */
final class JettyRules implements JettyServerCustomizer {
    private static final int MAX_HEADER_BYTES = 64 << 10;
    /**
     * The longest time between two requests on a connection, and between two pieces of one; a parked request is not
     * idle.
     */
    private static final long IDLE_MILLIS = Duration.ofMinutes(1).toMillis();

    /** The time for all headers of a request, in multiples of the pause that a body may make. */
    private static final int PAUSES_FOR_HEADERS = 3;

    private final Duration pause;

    /** @param pause the longest pause in a request's body */
    JettyRules(Duration pause) {
        this.pause = pause;
    }

    @Override
    public void customize(Server server) {
        server.addBean(new HeaderTime(server, pause.multipliedBy(PAUSES_FOR_HEADERS)));
        for (ServletHandler handler : server.getDescendants(ServletHandler.class)) {
            handler.setDecodeAmbiguousURIs(true);
        }
        server.setErrorHandler(JettyRules::error);
        // Other customizers may add connectors before or after this one; a listener sees both.
        server.addEventListener(new Container.Listener() {
            @Override
            public void beanAdded(Container parent, Object child) {
                if (child instanceof Connector connector) {
                    apply(connector);
                }
            }

            @Override
            public void beanRemoved(Container parent, Object child) {}
        });
    }

    private static void apply(Connector connector) {
        if (connector instanceof AbstractConnector abstractConnector) {
            abstractConnector.setIdleTimeout(IDLE_MILLIS);
        }
        connector.getConnectionFactories().stream()
                .filter(HttpConfiguration.ConnectionFactory.class::isInstance)
                .map(factory -> ((HttpConfiguration.ConnectionFactory) factory).getHttpConfiguration())
                .forEach(JettyRules::apply);
    }

    private static void apply(HttpConfiguration http) {
        http.setUriCompliance(UriCompliance.UNSAFE);
        http.setRequestHeaderSize(MAX_HEADER_BYTES);
        http.setSendServerVersion(false);
        // Jetty would keep a table of 96 KB for the headers of each connection, and thousands of connections are
        // parked.
        http.setHeaderCacheSize(0);
    }

    private static boolean error(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        JsonObject body = JsonObject.builder()
                .put("errcode", status == 404 || status == 405 ? "M_UNRECOGNIZED" : "M_UNKNOWN")
                .put("error", status < 500 ? "The request cannot be understood." : "The server made a mistake.")
                .build();
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.getHeaders().put("Access-Control-Allow-Origin", "*");
        // The rest of the connection is not read after such a request.
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        Content.Sink.write(response, true, new String(CanonicalJson.encode(body), StandardCharsets.UTF_8), callback);
        return true;
    }
}
