package io.myelin.server.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.settings.ConfigurationLoader;
import io.myelin.settings.ServerSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.env.StandardEnvironment;

/** Which address a process tells the others as its own. */
class InternalPortTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, http://127.0.0.1:8009",
        "10.0.0.7, http://10.0.0.7:8009",
        "fd00::7, http://[fd00::7]:8009",
        "room-server-0.room-server, http://room-server-0.room-server:8009"
    })
    void addressThatItListensOnIsItsOwn(String address, String url) {
        assertThat(InternalPort.of(settings(address), 8009, "secret").url()).hasToString(url);
    }

    @Test
    void addressThatIsOnlyKnownToThisMachineIsNot() throws UnknownHostException {
        assertThat(firstReachable("127.0.1.1", "10.0.0.7")).contains("10.0.0.7");
        assertThat(firstReachable("::1", "fe80::7", "fd00::7")).contains("[fd00:0:0:0:0:0:0:7]");
        assertThat(firstReachable("127.0.0.1", "0.0.0.0")).isEmpty();
    }

    private static Optional<String> firstReachable(String... addresses) throws UnknownHostException {
        List<InetAddress> all = new ArrayList<>();
        for (var address : addresses) {
            all.add(InetAddress.getByName(address));
        }
        return OwnAddress.firstReachable(all.stream());
    }

    private static ServerSettings settings(String address) {
        return ConfigurationLoader.load(new StandardEnvironment(), null, Map.of("listeners.internal-address", address));
    }
}
