package io.myelin.allinone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server whose log is for programs. */
class JsonLogIT {
    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir
    Path directory;

    @Test
    void everyLineIsAnObjectAndSaysOfWhichRequestItIs() throws Exception {
        var settings = Map.of(
                "MYELIN_LOGGING_FORMAT", "json", "MYELIN_LOGGING_LEVELS", "org.springframework.web.servlet=DEBUG");
        try (var server = ServerProcess.launch(directory, settings)) {
            // Read from the beginning: a server whose output nobody reads stands still.
            var output = CompletableFuture.supplyAsync(server::sayings);
            await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(server::isReady);
            var answer = server.get(
                    server.clientPort(),
                    "/_matrix/client/v3/rooms/!some:room/joined_members",
                    "X-Request-Id",
                    "request-of-the-test");
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("X-Request-Id")).contains("request-of-the-test");
            // Process.destroy() would close the output before it is read.
            var kill = new ProcessBuilder("kill", Long.toString(server.pid())).start();
            assertThat(kill.waitFor()).isZero();

            assertThat(output.get(1, TimeUnit.MINUTES).lines())
                    // What the JVM itself warns of is no line of the log.
                    .filteredOn(line -> !line.startsWith("WARNING: "))
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(
                                    JSON.readTree(line).path("service").asString())
                            .isNotEmpty())
                    .anyMatch(line -> line.contains("Myelin is ready"));
        }
        assertThat(Files.readAllLines(directory.resolve("logs/myelin.log")))
                .map(JSON::readTree)
                .anySatisfy(JsonLogIT::isOfTheRequest);
    }

    private static void isOfTheRequest(JsonNode line) {
        assertThat(line.path("request").asString("")).isEqualTo("request-of-the-test");
        assertThat(line.path("instance").asString("")).isEqualTo("all-in-one");
    }
}
