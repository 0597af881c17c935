package io.myelin.web.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClientAddressesTest {
    private final ClientAddresses addresses = new ClientAddresses("127.0.0.0/8, ::1/128, 10.1.0.0/16");

    @Test
    void isThePeerWhateverThatSays() {
        assertThat(of("203.0.113.9", "198.51.100.1")).isEqualTo(new ClientAddress("203.0.113.9", false));
    }

    @Test
    void isWhomATrustedProxyAsksFor() {
        assertThat(of("127.0.0.1", "203.0.113.9").network()).isEqualTo("203.0.113.9");
        assertThat(of("[::1]", "203.0.113.9").network()).isEqualTo("203.0.113.9");
    }

    @Test
    void isTheLastHopThatNoTrustedProxyVouchesFor() {
        assertThat(of("127.0.0.1", "127.0.0.1, 192.0.2.1, 203.0.113.9, 10.1.2.3")
                        .network())
                .isEqualTo("203.0.113.9");
    }

    @Test
    void isTheProxyItselfWhereItNamesNobody() {
        assertThat(of("127.0.0.1", null)).isEqualTo(new ClientAddress("127.0.0.1", true));
        assertThat(of("127.0.0.1", "unknown")).isEqualTo(new ClientAddress("127.0.0.1", false));
    }

    @Test
    void isThisMachineOnlyByTheAddressThatProxiesHere() {
        var narrow = new ClientAddresses("127.0.0.1/32");
        assertThat(narrow.of("127.0.0.1", _ -> List.of()).onThisMachine()).isTrue();
        assertThat(narrow.of("127.0.0.66", _ -> List.of())).isEqualTo(new ClientAddress("127.0.0.66", false));
    }

    @Test
    void isWhomAProxyNamesWithAPort() {
        assertThat(of("127.0.0.1", "203.0.113.9:5678").network()).isEqualTo("203.0.113.9");
        assertThat(of("127.0.0.1", "[2001:db8:1:2:3::4]:5678").network())
                .isEqualTo(of("2001:db8:1:2::", null).network());
    }

    @Test
    void isNeverThisMachineWhereAProxyForwards() {
        assertThat(of("127.0.0.1", "127.0.0.1")).isEqualTo(new ClientAddress("127.0.0.1", false));
        assertThat(of("127.0.0.1", "::1").onThisMachine()).isFalse();
        for (String header : List.of("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via", "X-Forwarded-Proto")) {
            var client = addresses.of("127.0.0.1", name -> name.equals(header) ? List.of("") : List.of());
            assertThat(client.onThisMachine()).as(header).isFalse();
        }
    }

    @Test
    void isOneForAllOfAnIpv6Network() {
        String one = of("2001:db8:1:2:3::4", null).network();
        assertThat(of("[2001:db8:1:2:ffff::1]", null).network()).isEqualTo(one);
        assertThat(of("2001:db8:1:3::4", null).network()).isNotEqualTo(one);
        assertThat(of("::ffff:203.0.113.9", null).network()).isEqualTo("203.0.113.9");
        assertThat(of("2001:db8:1:2:3::4", null).address()).isEqualTo("2001:db8:1:2:3:0:0:4");
    }

    private ClientAddress of(String peer, @Nullable String forwarded) {
        return addresses.of(
                peer, name -> forwarded == null || !name.equals("X-Forwarded-For") ? List.of() : List.of(forwarded));
    }
}
