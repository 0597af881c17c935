package io.myelin.server.wiring;

import io.myelin.server.listen.InternalPort;
import io.myelin.server.rpc.ServiceAddresses;
import io.myelin.settings.ServerSettings;
import io.myelin.web.session.Authenticator;
import java.net.URI;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The page, for the process that serves it: all-in-one, or account-server. Needs {@link WiringConfiguration} and an
 * {@link Authenticator}; {@code services} in the configuration says where the other processes are.
 */
@Configuration(proxyBeanMethods = false)
public class WiringPageConfiguration {

    @Bean(destroyMethod = "close")
    ProcessReports processReports(
            ObjectProvider<ThisProcess> self,
            ServerSettings properties,
            ServiceAddresses addresses,
            InternalPort port) {
        return new ProcessReports(
                () -> self.getObject().report(), properties.serverName(), addresses.byService(), port.secret());
    }

    @Bean
    PageController pageController(
            ServerSettings properties, Authenticator authenticator, ProcessReports processReports) {
        return new PageController(
                new Page(), new WiringAccess(URI.create(properties.baseUrl()), authenticator), processReports);
    }
}
