package io.myelin.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.testing.TestEngines;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseLoginIT {

    private final DatabaseLogin login = login();

    private static DatabaseLogin login() {
        var fresh = TestEngines.shared().freshDatabase("login_it");
        return new DatabaseLogin(fresh.url(), fresh.user(), fresh.password());
    }

    /** The same database as the second of two servers. */
    private DatabaseLogin after(String firstServer) {
        return new DatabaseLogin(login.url().replace("://", "://" + firstServer + ","), login.user(), login.password());
    }

    @Test
    void aServerThatRefusesConnectionsIsPassedOver() throws SQLException {
        assertThat(after("127.0.0.1:1").answers(Duration.ofSeconds(2))).isTrue();
    }

    /** As after the death of a machine, of which no answer comes. */
    @Test
    void aServerThatIsSilentIsPassedOver() throws IOException, SQLException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(after("127.0.0.1:" + silent.getLocalPort()).answers(Duration.ofSeconds(2)))
                    .isTrue();
        }
    }

    /** As a machine that has vanished: a system drops what would overfill a queue of connections that nobody accepts. */
    @Test
    @Timeout(30)
    void aServerThatHasVanishedIsPassedOverAtTheFirstAttempt() throws IOException, SQLException {
        List<Socket> queue = new ArrayList<>();
        try (ServerSocket vanished = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            while (connects(queue, vanished)) {}
            assertThat(after("127.0.0.1:" + vanished.getLocalPort()).answers(Duration.ofSeconds(5)))
                    .isTrue();
        } finally {
            for (Socket waiting : queue) {
                waiting.close();
            }
        }
    }

    private static boolean connects(List<Socket> queue, ServerSocket server) throws IOException {
        Socket socket = new Socket();
        queue.add(socket);
        try {
            socket.connect(server.getLocalSocketAddress(), 500);
            return true;
        } catch (SocketTimeoutException full) {
            return false;
        }
    }

    /** Whatever the connection is for, and whether or not it would be encrypted. */
    @ParameterizedTest
    @ValueSource(ints = {0, 5, 30})
    @Timeout(30)
    void aSilentServerIsPassedOverWhileAConnectionLogsIn(int answerSeconds) throws IOException, SQLException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            DatabaseLogin login = after("127.0.0.1:" + silent.getLocalPort());
            var plain = new DatabaseLogin(
                    login.url() + (login.url().contains("?") ? "&" : "?") + "sslmode=disable",
                    login.user(),
                    login.password());
            try (Connection connection = plain.connect(answerSeconds, Map.of())) {
                assertThat(connection.isValid(5)).isTrue();
                assertThat(connection.getNetworkTimeout()).isEqualTo(1000 * answerSeconds);
            }
        }
    }

    @Test
    void theAddressMaySayHowLongTheDatabaseMayBeSilent() throws SQLException {
        String url = login.url();
        var own = new DatabaseLogin(
                url + (url.contains("?") ? "&" : "?") + "socketTimeout=17", login.user(), login.password());
        try (Connection connection = own.connect(30, Map.of())) {
            assertThat(connection.getNetworkTimeout()).isEqualTo(17_000);
        }
    }

    /** Such as while a migration of a large table runs: nothing else would tell that its machine has vanished. */
    @Test
    void aSocketAsksWhetherTheOtherMachineIsThere() throws IOException {
        try (Socket socket = new KeptAliveSockets().createSocket()) {
            assertThat(socket.getKeepAlive()).isTrue();
            assertThat(socket.getOption(ExtendedSocketOptions.TCP_KEEPIDLE)
                            + socket.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL)
                                    * socket.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT))
                    .isLessThanOrEqualTo(30);
        }
    }

    @Test
    void aServiceRunsOnTheSecondServer() {
        try (ServiceDatabase database = ServiceDatabase.ephemeral("login_it", after("127.0.0.1:1"), 2)) {
            long shards = database.read(jdbc ->
                    jdbc.sql("SELECT count(*) FROM shard").query(Long.class).single());

            assertThat(shards).isZero();
        }
    }

    @Test
    void thePasswordInAnAddressIsNotPrinted() {
        var own = new DatabaseLogin("jdbc:postgresql://db/room?user=room&password=secret", "myelin", "other");

        assertThat(own).hasToString("myelin at jdbc:postgresql://db/room");
    }
}
