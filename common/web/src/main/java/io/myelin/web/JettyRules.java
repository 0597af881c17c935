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
 * Lets any identifier stand in a path ({@code %2F}, {@code %2E}, {@code ;} are letters of it, not structure), takes long
 * addresses (a filter travels in one), lets requests be parked, and answers what Jetty itself refuses as a Matrix error.
 */
final class JettyRules implements JettyServerCustomizer {
    private static final int MAX_HEADER_BYTES = 64 << 10;
    /** Between two requests on a connection, and between two pieces of one; a request that is parked is not idle. */
    private static final long IDLE_MILLIS = Duration.ofMinutes(1).toMillis();

    /** Of the pause that a body may make, for all headers of a request. */
    private static final int PAUSES_FOR_HEADERS = 3;

    private final Duration pause;

    /** @param pause that a request's body may make */
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
        // Other customizers may add connectors before or after this one; a listener is told of both.
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
        // Jetty would keep the headers of each connection in a table of 96 KB, and thousands of them are parked.
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
        // Whatever follows such a request on its connection is not read.
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        Content.Sink.write(response, true, new String(CanonicalJson.encode(body), StandardCharsets.UTF_8), callback);
        return true;
    }
}
