package io.myelin.clientroomsend.config;

import io.myelin.clientroomsend.policy.PolicyServerRequests;
import io.myelin.federation.destination.Destinations;
import io.myelin.federation.discovery.DnsSrvLookup;
import io.myelin.federation.discovery.ServerDiscovery;
import io.myelin.federation.discovery.SrvLookup;
import io.myelin.federation.discovery.WellKnown;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.id.ServerName;
import io.myelin.outbound.AddressLookup;
import io.myelin.outbound.AddressRules;
import io.myelin.outbound.OutboundHttp;
import io.myelin.outbound.TrustedCertificates;
import io.myelin.settings.ServerSettings;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** The requests to rooms' policy servers. What they need is made when the first one is asked. */
@Configuration(proxyBeanMethods = false)
class PolicyConfiguration {
    private static final Duration DNS = Duration.ofSeconds(5);
    private static final Duration DNS_IN_TESTS = Duration.ofMillis(500);

    /** A policy server that was away is asked again soon: meanwhile nothing can be sent to its rooms. */
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final int MOST_CALLS = 128;

    private final ServerSettings properties;
    private final ClientRoomSendSettings.PolicyServers settings;

    PolicyConfiguration(ServerSettings properties, ClientRoomSendSettings settings) {
        this.properties = properties;
        this.settings = settings.policyServers();
    }

    @Bean(destroyMethod = "close")
    @Lazy
    OutboundHttp policyServerHttp(ObjectProvider<AddressLookup> addresses) {
        return new OutboundHttp(new OutboundHttp.Settings(
                properties.testMode()
                        ? AddressRules.everywhere()
                        : AddressRules.publicAnd(settings.allowedNetworks()),
                addresses.getIfAvailable(AddressLookup::ofThisMachine),
                settings.verifyCertificates()
                        ? TrustedCertificates.and(
                                TrustedCertificates.read(properties.tls().trustedCertificates()))
                        : null,
                settings.timeout(),
                MOST_CALLS,
                "Myelin"));
    }

    @Bean
    @Lazy
    Destinations policyServerDestinations(
            @Qualifier("policyServerHttp") OutboundHttp http, ObjectProvider<SrvLookup> srv) {
        var wellKnown = new WellKnown(http, InstantSource.system(), FIRST_PAUSE);
        var records = srv.getIfAvailable(
                () -> new DnsSrvLookup(properties.testMode() ? DNS_IN_TESTS : DNS, new SecureRandom()));
        return new Destinations(
                new ServerDiscovery(wellKnown, records), http, MOST_CALLS, FIRST_PAUSE, LONGEST_PAUSE);
    }

    @Bean
    PolicyServerRequests policyServerRequests(
            ObjectProvider<SigningKey> key,
            @Qualifier("policyServerDestinations") ObjectProvider<Destinations> destinations) {
        return new PolicyServerRequests(
                ServerName.parse(properties.serverName()), key::getObject, destinations::getObject);
    }
}
