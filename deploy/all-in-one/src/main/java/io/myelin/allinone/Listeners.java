package io.myelin.allinone;

import io.myelin.embedded.DataDirectory;
import io.myelin.web.config.MyelinProperties;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * The three ports: for clients (plain HTTP), for other servers (HTTPS), which both serve everything, and the internal
 * one on 127.0.0.1, which alone admits to internal controllers. They are there before anything else is done to the web
 * server, so that all three have the same rules.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class Listeners implements WebServerFactoryCustomizer<JettyServletWebServerFactory> {
    private final MyelinProperties properties;
    private final InternalPort internal;
    private final DataDirectory data;

    Listeners(MyelinProperties properties, InternalPort internal, DataDirectory data) {
        this.properties = properties;
        this.internal = internal;
        this.data = data;
    }

    @Override
    public void customize(JettyServletWebServerFactory factory) {
        factory.addServerCustomizers(server -> {
            server.addConnector(federation(server));
            server.addConnector(internal(server));
        });
    }

    private ServerConnector federation(Server server) {
        var tls = new SslContextFactory.Server();
        tls.setKeyStore(TlsIdentity.keyStore(properties, data));
        tls.setKeyStorePassword("");
        var configuration = new HttpConfiguration();
        // The name in the TLS handshake is the one that discovery led to, not always one of the certificate's.
        configuration.addCustomizer(new SecureRequestCustomizer(false));
        var connector = new ServerConnector(
                server, new SslConnectionFactory(tls, "http/1.1"), new HttpConnectionFactory(configuration));
        connector.setName("federation");
        connector.setHost(properties.listeners().address());
        connector.setPort(properties.listeners().federationPort());
        return connector;
    }

    private ServerConnector internal(Server server) {
        var connector = new ServerConnector(server, new HttpConnectionFactory(new HttpConfiguration()));
        connector.setName("internal");
        connector.setHost("127.0.0.1");
        connector.setPort(internal.number());
        return connector;
    }
}
