package io.myelin.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

class LocalBrowserTest {

    private static final URI HERE = URI.create("http://localhost:8008");

    private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/_myelin/wiring");

    LocalBrowserTest() {
        request.setRemoteAddr("127.0.0.1");
        request.addHeader("Host", "localhost:8008");
    }

    @Test
    void believesThePeer() {
        assertThat(LocalBrowser.is(request, HERE)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "::1", "0:0:0:0:0:0:0:1", "[::1]", "::ffff:127.0.0.1"})
    void knowsEveryWayToWriteLoopback(String address) {
        request.setRemoteAddr(address);
        assertThat(LocalBrowser.is(request, HERE)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.7",
                "2001:db8::1",
                "127.0.0.1.example.org",
                "localhost",
                "1127.0.0.1",
                "::ffff:10.0.0.7",
                ""
            })
    void refusesEveryOtherPeer(String address) {
        request.setRemoteAddr(address);
        assertThat(LocalBrowser.is(request, HERE)).isFalse();
    }

    /** A proxy that adds no header and replaces the client's {@code Host} cannot be told from a browser. */
    @Test
    void admitsNobodyWithoutATokenWhereTheServerIsPublic() {
        assertThat(LocalBrowser.is(request, URI.create("https://matrix.example.org")))
                .isFalse();
        assertThat(LocalBrowser.is(request, URI.create("http://127.0.0.1:8008")))
                .isTrue();
        assertThat(LocalBrowser.is(request, URI.create("http://[::1]:8008"))).isTrue();
    }

    @Test
    void refusesAClientOfAProxyBeforeTheGateway() {
        request.addHeader("X-Forwarded-For", "127.0.0.1");
        request.addHeader("X-Forwarded-Before", "203.0.113.9");
        assertThat(LocalBrowser.is(request, HERE)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"203.0.113.9, 127.0.0.1", "127.0.0.1, 203.0.113.9", "127.0.0.1, unknown"})
    void everybodyWhomARequestCameThroughIsHere(String hops) {
        request.addHeader("X-Forwarded-For", hops);
        assertThat(LocalBrowser.is(request, HERE)).isFalse();
    }

    @Test
    void doesNotBelieveAForwardingHeaderFromElsewhere() {
        request.setRemoteAddr("10.0.0.7");
        request.addHeader("X-Forwarded-For", "127.0.0.1");
        assertThat(LocalBrowser.is(request, HERE)).isFalse();
    }

    @Test
    void believesTheGatewayOnThisMachineAboutItsClient() {
        request.addHeader("X-Forwarded-For", "203.0.113.9");
        assertThat(LocalBrowser.is(request, HERE)).isFalse();
    }

    @Test
    void admitsAClientOfThisMachineThroughTheGateway() {
        request.addHeader("X-Forwarded-For", "127.0.0.1");
        assertThat(LocalBrowser.is(request, HERE)).isTrue();
    }

    @Test
    void looksAtTheHopThatTheGatewayAddedAndNotAtWhatTheClientClaimed() {
        request.addHeader("X-Forwarded-For", "127.0.0.1, 203.0.113.9");
        assertThat(LocalBrowser.is(request, HERE)).isFalse();
    }

    @Test
    void looksAtTheLastOfSeveralHeaders() {
        request.addHeader("X-Forwarded-For", "127.0.0.1");
        request.addHeader("X-Forwarded-For", "203.0.113.9");
        assertThat(LocalBrowser.is(request, HERE)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "127.0.0.1,", "unknown", "localhost"})
    void refusesAHopThatIsNoAddress(String hops) {
        request.addHeader("X-Forwarded-For", hops);
        assertThat(LocalBrowser.is(request, HERE)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Forwarded", "X-Real-IP", "Via", "X-Forwarded-Host", "X-Forwarded-Before"})
    void trustsNoGatewayThatDoesNotSayWhoItsClientIs(String header) {
        request.addHeader(header, "127.0.0.1");
        assertThat(LocalBrowser.is(request, HERE)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"attacker.example:8008", "attacker.example", "localhost.attacker.example", "127.0.0.1.nip.io"})
    void refusesANameThatSomebodyElseLetPointHere(String host) {
        request.removeHeader("Host");
        request.addHeader("Host", host);
        assertThat(LocalBrowser.is(request, HERE)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://attacker.example", "null", "http://localhost:9999"})
    void refusesAPageOfAnotherSiteInABrowserOnThisMachine(String origin) {
        request.addHeader("Origin", origin);
        assertThat(LocalBrowser.is(request, HERE)).isFalse();
    }

    @Test
    void admitsThePageItself() {
        request.addHeader("Origin", "http://localhost:8008");
        assertThat(LocalBrowser.is(request, HERE)).isTrue();
    }
}
