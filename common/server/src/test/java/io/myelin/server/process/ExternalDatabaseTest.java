package io.myelin.server.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.settings.ConfigurationLoader;
import io.myelin.settings.ConfigurationRefused;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.env.StandardEnvironment;

/** A database that answers, but lets nobody in. */
class ExternalDatabaseTest {

    @ParameterizedTest
    @CsvSource({
        "28P01, password authentication failed for user \"myelin\"",
        "28000, role \"myelin\" does not exist",
        "3D000, database \"myelin\" does not exist"
    })
    @Timeout(30)
    void refusalEndsTheStartWithASentence(String state, String message) throws IOException {
        try (var database = new RefusingDatabase(0, state, message)) {
            assertThatThrownBy(() -> await(database))
                    .isInstanceOf(ConfigurationRefused.class)
                    .hasMessageContaining(message)
                    .hasMessageContaining("database.password");
        }
    }

    /** While PostgreSQL starts, it refuses connections too. */
    @ParameterizedTest
    @CsvSource("28P01, password authentication failed")
    @Timeout(30)
    void databaseThatStartsIsWaitedFor(String state, String message) throws IOException {
        try (var database = new RefusingDatabase(2, state, message)) {
            assertThatThrownBy(() -> await(database)).hasMessageContaining(message);
        }
    }

    private static void await(RefusingDatabase database) {
        var settings = ConfigurationLoader.load(new StandardEnvironment(), null, Map.of("database.password", "wrong"))
                .database();
        ExternalDatabase.await(settings, "jdbc:postgresql://127.0.0.1:" + database.port() + "/myelin?sslmode=disable");
    }

    /** Answers each start of a session with an error, as PostgreSQL does; the first ones with that of a server that starts. */
    private static final class RefusingDatabase implements AutoCloseable {
        private static final String STARTING = "57P03";

        private final ServerSocket socket;
        private final AtomicInteger starting;
        private final String state;
        private final String message;

        RefusingDatabase(int starting, String state, String message) throws IOException {
            this.starting = new AtomicInteger(starting);
            this.state = state;
            this.message = message;
            socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(this::serve);
        }

        int port() {
            return socket.getLocalPort();
        }

        private void serve() {
            while (!socket.isClosed()) {
                try (var connection = socket.accept()) {
                    var in = new DataInputStream(connection.getInputStream());
                    in.skipNBytes(in.readInt() - Integer.BYTES);
                    var out = new DataOutputStream(connection.getOutputStream());
                    if (starting.getAndDecrement() > 0) {
                        refuse(out, STARTING, "the database system is starting up");
                    } else {
                        refuse(out, state, message);
                    }
                } catch (IOException e) {
                    // The client is gone, or the test is at its end.
                }
            }
        }

        private static void refuse(DataOutputStream out, String state, String message) throws IOException {
            var fields = new ByteArrayOutputStream();
            for (var field : new String[] {"SFATAL", "C" + state, "M" + message, ""}) {
                fields.write(field.getBytes(UTF_8));
                fields.write(0);
            }
            out.writeByte('E');
            out.writeInt(Integer.BYTES + fields.size());
            fields.writeTo(out);
            out.flush();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
