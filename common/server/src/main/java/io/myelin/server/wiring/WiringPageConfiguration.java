package io.myelin.server.wiring;

import io.myelin.web.config.MyelinProperties;
import io.myelin.web.session.Authenticator;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The page, for the process that serves it: all-in-one, or account-server. Needs {@link WiringConfiguration} and an
 * {@link Authenticator}, and the {@link Addresses} of the other processes where there are some.
 */
@Configuration(proxyBeanMethods = false)
public class WiringPageConfiguration {

    @Bean(destroyMethod = "close")
    Colleagues colleagues(ThisProcess self, MyelinProperties properties, ObjectProvider<Addresses> addresses) {
        return new Colleagues(
                self, properties.serverName(), addresses.getIfAvailable(() -> new Addresses(Map.of(), "")));
    }

    @Bean
    PageController pageController(Authenticator authenticator, Colleagues colleagues) {
        return new PageController(new Page(), new Onlookers(authenticator), colleagues);
    }
}
