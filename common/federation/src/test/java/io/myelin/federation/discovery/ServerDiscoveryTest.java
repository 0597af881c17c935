package io.myelin.federation.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.matrix.id.ServerName;
import io.myelin.outbound.Endpoint;
import io.myelin.outbound.Route;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The steps of "Resolving server names", by their numbers. */
class ServerDiscoveryTest {
    private final Map<String, ServerName> delegations = new HashMap<>();
    private final Map<String, List<Endpoint>> records = new HashMap<>();
    private final ServerDiscovery discovery = new ServerDiscovery(
            host -> Optional.ofNullable(delegations.get(host)), name -> records.getOrDefault(name, List.of()));

    private Route route(String server) throws IOException {
        return discovery.route(ServerName.parse(server));
    }

    private static Route to(String host, String hostHeader, String connectTo, int port) {
        return new Route(host, hostHeader, List.of(new Endpoint(connectTo, port)));
    }

    @Test
    void step1AddressesAreUsedAsTheyAre() throws IOException {
        delegations.put("1.2.3.4", ServerName.parse("never.asked"));
        assertThat(route("1.2.3.4")).isEqualTo(to("1.2.3.4", "1.2.3.4", "1.2.3.4", 8448));
        assertThat(route("1.2.3.4:80")).isEqualTo(to("1.2.3.4", "1.2.3.4:80", "1.2.3.4", 80));
        assertThat(route("[2001:db8::1]")).isEqualTo(to("[2001:db8::1]", "[2001:db8::1]", "[2001:db8::1]", 8448));
        assertThat(route("[::1]:99")).isEqualTo(to("[::1]", "[::1]:99", "[::1]", 99));
    }

    @Test
    void step2ANameWithAPortIsNotLookedUp() throws IOException {
        delegations.put("a.test", ServerName.parse("never.asked"));
        records.put("_matrix-fed._tcp.a.test", List.of(new Endpoint("never.asked", 1)));
        assertThat(route("a.test:8449")).isEqualTo(to("a.test", "a.test:8449", "a.test", 8449));
    }

    @Test
    void aPortThatDoesNotExistLeadsNowhere() {
        assertThatThrownBy(() -> route("a.test:0")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> route("a.test:99999")).isInstanceOf(IOException.class);
    }

    @Nested
    class Step3WithADelegate {
        @Test
        void part1AnAddress() throws IOException {
            delegations.put("a.test", ServerName.parse("1.2.3.4"));
            assertThat(route("a.test")).isEqualTo(to("1.2.3.4", "1.2.3.4", "1.2.3.4", 8448));
            delegations.put("a.test", ServerName.parse("[::1]:99"));
            assertThat(route("a.test")).isEqualTo(to("[::1]", "[::1]:99", "[::1]", 99));
        }

        @Test
        void part2APort() throws IOException {
            delegations.put("a.test", ServerName.parse("b.test:443"));
            records.put("_matrix-fed._tcp.b.test", List.of(new Endpoint("never.asked", 1)));
            assertThat(route("a.test")).isEqualTo(to("b.test", "b.test:443", "b.test", 443));
        }

        @Test
        void parts3And4AnSrvRecordOfTheDelegate() throws IOException {
            delegations.put("a.test", ServerName.parse("b.test"));
            records.put("_matrix._tcp.b.test", List.of(new Endpoint("old.test", 2)));
            assertThat(route("a.test")).isEqualTo(to("b.test", "b.test", "old.test", 2));
            records.put("_matrix-fed._tcp.b.test", List.of(new Endpoint("c.test", 1), new Endpoint("d.test", 1)));
            assertThat(route("a.test"))
                    .isEqualTo(new Route(
                            "b.test", "b.test", List.of(new Endpoint("c.test", 1), new Endpoint("d.test", 1))));
        }

        @Test
        void part5NoRecord() throws IOException {
            delegations.put("a.test", ServerName.parse("b.test"));
            records.put("_matrix-fed._tcp.a.test", List.of(new Endpoint("never.asked", 1)));
            assertThat(route("a.test")).isEqualTo(to("b.test", "b.test", "b.test", 8448));
        }
    }

    @Test
    void steps4And5AnSrvRecordOfTheNameItself() throws IOException {
        records.put("_matrix._tcp.a.test", List.of(new Endpoint("old.test", 2)));
        assertThat(route("a.test")).isEqualTo(to("a.test", "a.test", "old.test", 2));
        records.put("_matrix-fed._tcp.a.test", List.of(new Endpoint("c.test", 1)));
        assertThat(route("a.test")).isEqualTo(to("a.test", "a.test", "c.test", 1));
    }

    @Test
    void step6TheNameAndTheUsualPort() throws IOException {
        assertThat(route("a.test")).isEqualTo(to("a.test", "a.test", "a.test", 8448));
    }
}
