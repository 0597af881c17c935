package io.myelin.federationsend.transport.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.federation.destination.DestinationUnavailable;
import io.myelin.federation.destination.Destinations;
import io.myelin.federation.discovery.ServerDiscovery;
import io.myelin.federation.discovery.WellKnown;
import io.myelin.federationsend.RemoteServer.Seen;
import io.myelin.federationsend.RemoteServer;
import io.myelin.matrix.id.ServerName;
import io.myelin.outbound.AddressRules;
import io.myelin.outbound.Endpoint;
import io.myelin.outbound.HttpAnswer;
import io.myelin.outbound.OutboundHttp;
import io.myelin.outbound.TrustedCertificates;
import io.myelin.testing.TestCertificate;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that are discovered, authenticated and asked, over TLS on loopback. Only DNS is faked. */
class DestinationsIT {
    private static final String PATH = "/_matrix/some/thing";
    private static final String WELL_KNOWN = "/.well-known/matrix/server";
    private static final int MAX_BYTES = 1000;
    private static final Duration PAUSE = Duration.ofMinutes(10);

    private static final TestCertificate CERTIFICATE = TestCertificate.of("a.test", "b.test", "127.0.0.1");

    @TempDir
    private static Path directory;

    private static Path trusted;

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Map<Endpoint, InetSocketAddress> dns = new HashMap<>();
    private final Map<String, List<Endpoint>> srv = new HashMap<>();
    private final RemoteServer remote = new RemoteServer(CERTIFICATE).says(PATH, 200, "{}");
    private @Nullable OutboundHttp http;
    private int keptConnections = 100;

    @BeforeAll
    static void trustCertificate() {
        trusted = CERTIFICATE.writeTo(directory.resolve("trusted.pem"));
    }

    @AfterEach
    void stop() {
        if (http != null) {
            http.close();
        }
        remote.close();
    }

    private Destinations destinations(AddressRules rules, boolean verify) {
        http = new OutboundHttp(new OutboundHttp.Settings(
                rules,
                endpoint -> {
                    var address = dns.get(endpoint);
                    if (address == null) {
                        throw new UnknownHostException(endpoint.host());
                    }
                    return List.of(address);
                },
                verify ? TrustedCertificates.and(TrustedCertificates.read(trusted)) : null,
                Duration.ofSeconds(10),
                keptConnections,
                "test"));
        var discovery = new ServerDiscovery(
                new WellKnown(http, () -> now, Duration.ofMinutes(1)), name -> srv.getOrDefault(name, List.of()));
        return new Destinations(discovery, http, 64, PAUSE, PAUSE.multipliedBy(2));
    }

    private Destinations destinations() {
        return destinations(AddressRules.everywhere(), true);
    }

    @Test
    void keepsNoConnectionWhereSoManyAreOpen() {
        listens("a.test", 1234);
        keptConnections = 0;
        var destinations = destinations();
        assertThat(ask(destinations, "a.test:1234").status()).isEqualTo(200);
        assertThat(ask(destinations, "a.test:1234").status()).isEqualTo(200);
        assertThat(remote.connections()).isEqualTo(2);
    }

    private static HttpAnswer ask(Destinations destinations, String server) {
        return destinations.get(ServerName.parse(server), PATH, MAX_BYTES);
    }

    private void listens(String host, int port) {
        dns.put(new Endpoint(host, port), remote.address());
    }

    @Test
    void nameWithAPortIsAskedForByItsWholeName() {
        listens("a.test", 1234);
        var answer = ask(destinations(), "a.test:1234");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).asString().isEqualTo("{}");
        assertThat(remote.seen()).containsExactly(new Seen(PATH, "a.test:1234", "a.test"));
    }

    @Test
    void addressNeedsACertificateOfItsOwnAndHasNoNameInTheHandshake() {
        listens("127.0.0.1", 1234);
        assertThat(ask(destinations(), "127.0.0.1:1234").status()).isEqualTo(200);
        assertThat(remote.seen()).containsExactly(new Seen(PATH, "127.0.0.1:1234", null));
    }

    @Test
    void delegateIsAskedByItsOwnName() {
        listens("a.test", 443);
        listens("b.test", 1234);
        remote.says(WELL_KNOWN, 200, "{\"m.server\":\"b.test:1234\"}");
        var destinations = destinations();
        ask(destinations, "a.test");
        ask(destinations, "a.test");
        assertThat(remote.seen())
                .containsExactly(
                        new Seen(WELL_KNOWN, "a.test", "a.test"),
                        new Seen(PATH, "b.test:1234", "b.test"),
                        new Seen(PATH, "b.test:1234", "b.test"));
    }

    @Test
    void delegationIsAskedForAgainWhenItIsOld() {
        listens("a.test", 443);
        listens("b.test", 1234);
        remote.says(WELL_KNOWN, 200, Map.of("Cache-Control", "max-age=3600"), "{\"m.server\":\"b.test:1234\"}");
        var destinations = destinations();
        ask(destinations, "a.test");
        now = now.plus(Duration.ofHours(1));
        listens("a.test", 8448);
        remote.says(WELL_KNOWN, 404, "");
        ask(destinations, "a.test");
        assertThat(remote.seen())
                .containsExactly(
                        new Seen(WELL_KNOWN, "a.test", "a.test"),
                        new Seen(PATH, "b.test:1234", "b.test"),
                        new Seen(WELL_KNOWN, "a.test", "a.test"),
                        new Seen(PATH, "a.test", "a.test"));
    }

    @Test
    void redirectsOfTheDelegationAreFollowed() {
        listens("a.test", 443);
        listens("b.test", 4433);
        listens("b.test", 1234);
        remote.says(WELL_KNOWN, 302, Map.of("Location", "https://b.test:4433/elsewhere?x=%2F"), "");
        remote.says("/elsewhere?x=%2F", 200, "{\"m.server\":\"b.test:1234\"}");
        ask(destinations(), "a.test");
        assertThat(remote.seen())
                .containsExactly(
                        new Seen(WELL_KNOWN, "a.test", "a.test"),
                        new Seen("/elsewhere?x=%2F", "b.test:4433", "b.test"),
                        new Seen(PATH, "b.test:1234", "b.test"));
    }

    @Test
    void redirectsInACircleAreNoDelegation() {
        listens("a.test", 443);
        listens("a.test", 8448);
        remote.says(WELL_KNOWN, 302, Map.of("Location", WELL_KNOWN), "");
        assertThat(ask(destinations(), "a.test").status()).isEqualTo(200);
        assertThat(remote.seen()).hasSize(7).last().isEqualTo(new Seen(PATH, "a.test", "a.test"));
    }

    @Test
    void recordLeadsToAnotherHostThatMustProveToBeTheName() {
        srv.put("_matrix-fed._tcp.a.test", List.of(new Endpoint("gone.test", 1), new Endpoint("host.test", 2)));
        listens("host.test", 2);
        assertThat(ask(destinations(), "a.test").status()).isEqualTo(200);
        assertThat(remote.seen()).containsExactly(new Seen(PATH, "a.test", "a.test"));
    }

    @Test
    void certificateOfAnotherNameIsRefused() {
        listens("c.test", 1234);
        assertUnavailable(destinations(), "c.test:1234", "");
        assertThat(remote.seen()).isEmpty();
    }

    @Test
    void certificateOfAStrangerIsRefusedUnlessNoneIsVerified() {
        try (var stranger = new RemoteServer(TestCertificate.of("a.test")).says(PATH, 200, "{}")) {
            dns.put(new Endpoint("a.test", 1234), stranger.address());
            assertUnavailable(destinations(), "a.test:1234", "");
            assertThat(stranger.seen()).isEmpty();
            stop();
            assertThat(ask(destinations(AddressRules.everywhere(), false), "a.test:1234")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void addressesOfOurOwnNetworkAreNotConnectedTo() {
        listens("a.test", 1234);
        assertUnavailable(destinations(AddressRules.publicAnd(null), true), "a.test:1234", "not allowed");
        assertThat(remote.seen()).isEmpty();
    }

    @Test
    void configuredNetworksAreConnectedTo() {
        listens("a.test", 1234);
        assertThat(ask(destinations(AddressRules.publicAnd("127.0.0.0/8"), true), "a.test:1234")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void answerThatIsTooLargeIsNotTaken() {
        listens("a.test", 1234);
        remote.says(PATH, 200, "x".repeat(MAX_BYTES + 1));
        assertUnavailable(destinations(), "a.test:1234", "");
    }

    @Test
    void refusalsAreAnswersToo() {
        listens("a.test", 1234);
        remote.says(PATH, 401, "{\"errcode\":\"M_UNAUTHORIZED\"}");
        var destinations = destinations();
        for (int i = 0; i < 20; i++) {
            assertThat(ask(destinations, "a.test:1234").status()).isEqualTo(401);
        }
    }

    @Test
    void serverThatFailsIsLeftAloneAndOthersAreNot() {
        listens("a.test", 1234);
        listens("b.test", 1234);
        remote.says(PATH, 502, "");
        var destinations = destinations();
        for (int i = 0; i < 4; i++) {
            assertThat(ask(destinations, "a.test:1234").status()).isEqualTo(502);
        }
        assertUnavailable(destinations, "a.test:1234", "OPEN");
        assertThat(remote.seen()).hasSize(4);
        assertThat(ask(destinations, "b.test:1234").status()).isEqualTo(502);
    }

    @Test
    void nameThatDnsDoesNotKnowIsUnavailable() {
        assertUnavailable(destinations(), "nowhere.test", "no address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a..b", "1.2", "-", "a-.b:1", "b.1", "[::]:7", "300.1.1.1"})
    void serverNameThatIsNoHostIsUnavailable(String server) {
        assertUnavailable(destinations(), server, "");
    }

    private static void assertUnavailable(Destinations destinations, String server, String why) {
        assertThatThrownBy(() -> ask(destinations, server))
                .isInstanceOf(DestinationUnavailable.class)
                .hasMessageContaining(server)
                .hasMessageContaining(why);
    }
}
