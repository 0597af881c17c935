package io.myelin.server.listen;

import com.sun.management.UnixOperatingSystemMXBean;
import io.myelin.settings.ServerSettings;
import io.myelin.web.FederationPort;
import io.myelin.web.address.ClientAddresses;
import java.lang.management.ManagementFactory;
import java.security.KeyStore;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * A process's ports: for clients (plain HTTP), for other servers (HTTPS, see {@link FederationPort}), and the internal
 * one, which alone admits requests to internal controllers. They are added before all other customizers run, so that
 * the same rules apply to each port. Spring Boot opens the first port itself; in a process that serves no clients that
 * is the internal one. The connections of clients and other servers are limited; those of this server's own processes
 * are not.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class Listeners implements WebServerFactoryCustomizer<JettyServletWebServerFactory> {
    /**
     * Open files that are kept for the embedded broker, which has several for each partition, and for this process's
     * own connections.
     */
    private static final int FILES_FOR_THE_REST = 3_000;

    /** No address can take more than a quarter of all connections. */
    private static final int SHARE_OF_AN_ADDRESS = 4;

    private final ServerSettings properties;
    private final @Nullable InternalPort internal;
    private final @Nullable KeyStore tls;

    /**
     * @param internal null if the port that Spring Boot opens is the internal one already
     * @param tls certificate and key of the federation port; null for no such port
     */
    public Listeners(ServerSettings properties, @Nullable InternalPort internal, @Nullable KeyStore tls) {
        this.properties = properties;
        this.internal = internal;
        this.tls = tls;
    }

    @Override
    public void customize(JettyServletWebServerFactory factory) {
        factory.addServerCustomizers(server -> {
            if (tls != null) {
                server.addConnector(federation(server, tls));
            }
            if (internal != null) {
                limitEachAddress(server);
                server.addBean(new NetworkConnectionLimit(mostConnections(), server.getConnectors()));
                server.addConnector(internal(server, internal));
            }
        });
    }

    /** Limits the connectors for clients and other servers; the internal one is added afterwards. */
    private void limitEachAddress(Server server) {
        int wanted = properties.listeners().connectionsOfAddress();
        int most = wanted == 0 ? Math.max(1, mostConnections() / SHARE_OF_AN_ADDRESS) : wanted;
        var addresses = new ClientAddresses(properties.listeners().trustedProxies());
        var limit = new ConnectionLimit(most, addresses::isTrusted);
        for (Connector connector : server.getConnectors()) {
            connector.addBean(limit);
        }
    }

    /**
     * How many connections may be open. They must not use up the open files, without which the server could neither
     * write nor ask others.
     */
    private int mostConnections() {
        int wanted = properties.listeners().maxConnections();
        long files = openFiles();
        int possible = (int) Math.min(Integer.MAX_VALUE, Math.max(files / 2, files - FILES_FOR_THE_REST));
        return wanted == 0 ? possible : Math.min(wanted, possible);
    }

    private static long openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Integer.MAX_VALUE;
    }

    private ServerConnector federation(Server server, KeyStore keys) {
        var context = new SslContextFactory.Server();
        context.setKeyStore(keys);
        context.setKeyStorePassword("");
        var configuration = new HttpConfiguration();
        // No SNI check: the name in the TLS handshake comes from discovery and need not be in the certificate.
        configuration.addCustomizer(new SecureRequestCustomizer(false));
        if (!properties.listeners().federationServesClients()) {
            configuration.addCustomizer((request, headers) -> {
                request.setAttribute(FederationPort.MARK, true);
                return request;
            });
        }
        var connector = new ServerConnector(
                server, new SslConnectionFactory(context, "http/1.1"), new HttpConnectionFactory(configuration));
        connector.setName("federation");
        connector.setHost(properties.listeners().address());
        connector.setPort(properties.listeners().federationPort());
        return connector;
    }

    private static ServerConnector internal(Server server, InternalPort port) {
        var connector = new ServerConnector(server, new HttpConnectionFactory(new HttpConfiguration()));
        connector.setName("internal");
        connector.setHost(port.address());
        connector.setPort(port.number());
        return connector;
    }
}
