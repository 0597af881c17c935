package io.myelin.allinone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose configuration changes while it runs. */
class ReloadIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String MAY_I_REGISTER = "/_matrix/client/v3/register/available?username=carl";
    private static final String OPEN = "registration:\n  enabled: true\n";
    private static final String CLOSED = "registration:\n  enabled: false\n";

    @TempDir
    Path directory;

    /** Who is started by nohup ignores SIGHUP, and so do the processes that it starts. */
    private static boolean isHangUpIgnored() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 1) == 1);
    }

    @Test
    void takesOverWhatMayChangeAndRefusesTheRest() throws Exception {
        assumeThat(isHangUpIgnored()).as("SIGHUP is ignored").isFalse();
        var file = Files.writeString(directory.resolve("myelin.yaml"), OPEN);
        var data = directory.resolve("data");
        try (var server = ServerProcess.start(data, Map.of(), "--config", file.toString())) {
            await().atMost(Duration.ofSeconds(60)).until(server::isReady);
            assertThat(server.get(MAY_I_REGISTER).statusCode()).isEqualTo(200);

            Files.writeString(file, CLOSED);
            hangUp(server);
            await().atMost(SOON).until(() -> server.get(MAY_I_REGISTER).statusCode() == 403);
            assertThat(log(data)).contains("The configuration was reloaded: registration.enabled changed");

            Files.writeString(file, OPEN + "shards: 32\n");
            hangUp(server);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(log(data))
                            .contains("nothing has changed: shards can only be changed by a restart"));
            assertThat(server.get(MAY_I_REGISTER).statusCode()).isEqualTo(403);

            Files.writeString(file, OPEN + "limits:\n  request-size: huge\n");
            hangUp(server);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(log(data))
                            .contains("myelin.yaml:4: limits.request-size: 'huge' is not allowed"));
            assertThat(server.get(MAY_I_REGISTER).statusCode()).isEqualTo(403);
            assertThat(reload(data)).isEqualTo(1);

            Files.writeString(file, OPEN);
            assertThat(reload(data)).isZero();
            assertThat(server.get(MAY_I_REGISTER).statusCode()).isEqualTo(200);
            assertThat(server.stopsInTime()).isTrue();
        }
    }

    private static int reload(Path data) {
        return ReloadCommand.run(List.of("--data", data.toString()));
    }

    private static void hangUp(ServerProcess server) throws IOException, InterruptedException {
        var kill = new ProcessBuilder("kill", "-HUP", Long.toString(server.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    private static String log(Path data) throws IOException {
        return Files.readString(data.resolve("logs/myelin.log"));
    }
}
