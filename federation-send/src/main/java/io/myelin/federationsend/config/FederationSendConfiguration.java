package io.myelin.federationsend.config;

import io.myelin.federationsend.transport.authentication.RequestCheck;
import io.myelin.federation.destination.Destinations;
import io.myelin.federation.discovery.DnsSrvLookup;
import io.myelin.federation.discovery.ServerDiscovery;
import io.myelin.federation.discovery.SrvLookup;
import io.myelin.federation.discovery.WellKnown;
import io.myelin.federationsend.transport.keys.Notary;
import io.myelin.federationsend.transport.keys.OldVerifyKey;
import io.myelin.federationsend.transport.keys.OwnKeys;
import io.myelin.federationsend.transport.keys.PublishedKeys;
import io.myelin.federationsend.transport.keys.RemoteKeys;
import io.myelin.federationsend.web.FederationRequestResolver;
import io.myelin.federationsend.web.KeyController;
import io.myelin.federationsend.web.NotaryController;
import io.myelin.federationsend.web.ProgramVersion;
import io.myelin.federationsend.web.VersionController;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.id.ServerName;
import io.myelin.outbound.AddressLookup;
import io.myelin.outbound.AddressRules;
import io.myelin.outbound.OutboundHttp;
import io.myelin.outbound.TrustedCertificates;
import io.myelin.settings.CurrentSettings;
import io.myelin.settings.ServerSettings;
import io.myelin.web.AttemptLimit;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * The beans of federation-send. They need {@link ServerSettings}, {@link FederationSendSettings}, {@link CurrentSettings} and the server's
 * {@link SigningKey}. The parts that talk to other servers are created on first use, so that the start need not wait for them.
 */
@Configuration(proxyBeanMethods = false)
public class FederationSendConfiguration {
    /** How much memory the keys of other servers may take. */
    private static final long MEMORY_OF_KEYS = Runtime.getRuntime().maxMemory() / 32;

    private final FederationSendSettings settings;
    private final CurrentSettings current;
    private final boolean testMode;
    private final ServerName ourselves;
    private final Patience patience;
    private final AddressRules rules;
    private final List<Certificate> trusted;
    private final InstantSource clock = InstantSource.system();

    /**
     * How long to wait for answers, and before the next attempt after a failure.
     *
     * @param dns how long to wait for an SRV record
     * @param first the pause after a first failure
     * @param longest the pause after many failures
     */
    private record Patience(Duration dns, Duration first, Duration longest) {
        static final Patience USUAL = new Patience(Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofHours(1));
        /** Short times for tests: there may be no DNS server, and servers start and stop within seconds. */
        static final Patience IN_TESTS =
                new Patience(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(5));
    }

    public FederationSendConfiguration(
            ServerSettings properties, FederationSendSettings settings, CurrentSettings current) {
        this.current = current;
        this.settings = settings;
        this.testMode = properties.testMode();
        this.ourselves = ServerName.parse(properties.serverName());
        this.patience = testMode ? Patience.IN_TESTS : Patience.USUAL;
        this.rules = properties.testMode()
                ? AddressRules.everywhere()
                : AddressRules.publicAnd(settings.federation().allowedNetworks());
        this.trusted = TrustedCertificates.read(properties.tls().trustedCertificates());
    }

    @Bean
    OwnKeys ownKeys(SigningKey key) {
        var old = OldVerifyKey.parseList(settings.federation().oldVerifyKeys());
        return new OwnKeys(ourselves, key, old, clock);
    }

    @Bean(destroyMethod = "close")
    @Lazy
    OutboundHttp outboundHttp(ObjectProvider<AddressLookup> addresses) {
        return new OutboundHttp(new OutboundHttp.Settings(
                rules,
                addresses.getIfAvailable(AddressLookup::ofThisMachine),
                settings.federation().verifyCertificates() ? TrustedCertificates.and(trusted) : null,
                settings.federation().timeout(),
                settings.federation().maxConnections() / 2,
                ProgramVersion.NAME + "/" + ProgramVersion.version()));
    }

    @Bean
    @Lazy
    Destinations destinations(@Qualifier("outboundHttp") OutboundHttp http, ObjectProvider<SrvLookup> srv) {
        var wellKnown = new WellKnown(http, clock, patience.first());
        var records = srv.getIfAvailable(() -> new DnsSrvLookup(patience.dns(), new SecureRandom()));
        return new Destinations(
                new ServerDiscovery(wellKnown, records),
                http,
                settings.federation().maxConnections() / 2,
                patience.first(),
                patience.longest());
    }

    @Bean
    RemoteKeys remoteKeys(@Qualifier("destinations") ObjectProvider<Destinations> destinations) {
        return new RemoteKeys(
                new PublishedKeys(destinations::getObject, clock), clock, patience.first(), MEMORY_OF_KEYS);
    }

    @Bean
    RequestCheck requestCheck(RemoteKeys keys) {
        return new RequestCheck(ourselves, keys);
    }

    @Bean
    WebMvcConfigurer federationRequests(RequestCheck check) {
        return new WebMvcConfigurer() {
            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(new FederationRequestResolver(check));
            }
        };
    }

    @Bean
    VersionController versionController() {
        return new VersionController();
    }

    @Bean
    KeyController keyController(OwnKeys keys) {
        return new KeyController(keys);
    }

    @Bean
    NotaryController notaryController(OwnKeys own, RemoteKeys remote) {
        return new NotaryController(
                new Notary(own, remote),
                new AttemptLimit(() -> testMode
                        ? 0
                        : current.of(FederationSendSettings.class).federation().notaryPerMinute()),
                clock);
    }
}
