package io.myelin.apart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Supervision of real processes. */
class SupervisorIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Instance ROOM_SERVER = new Instance(Component.of("room-server"), 1);
    private final List<OsProcess> processes = new ArrayList<>();

    @TempDir
    Path directory;

    private int port;

    @BeforeEach
    void choosePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
    }

    @AfterEach
    void endAll() {
        processes.forEach(OsProcess::kill);
    }

    @Test
    void whatDiesByItselfIsStartedAgain() {
        var ward = ward("1");
        try (var supervisor = supervising(ward)) {
            var first = ward.lifeline().pid().orElseThrow();
            ProcessHandle.of(first).orElseThrow().destroyForcibly();

            await().atMost(PATIENCE).until(() -> ward.state() == Ward.State.UP && ward.restarts() == 1);
            assertThat(ward.lifeline().pid().orElseThrow()).isNotEqualTo(first);
            assertThat(supervisor.wards()).containsExactly(ward);
        }
        assertThat(ward.lifeline().isAlive()).isFalse();
    }

    @Test
    void whatSomebodyHasKilledStaysDeadUntilItIsStarted() {
        var ward = ward("1");
        var other = ward(new Instance(Component.of("client-sync"), 1), "1", freePortBeside());
        try (var supervisor = supervising(ward, other)) {
            ward.kill();
            // Once the watch has restarted the second instance, it has certainly looked at the first.
            ProcessHandle.of(other.lifeline().pid().orElseThrow()).orElseThrow().destroyForcibly();
            await().atMost(PATIENCE).until(() -> other.restarts() == 1);
            assertThat(ward.state()).isEqualTo(Ward.State.STOPPED);

            assertThat(supervisor.startAgain(List.of(ward), PATIENCE)).isEmpty();
            assertThat(ward.state()).isEqualTo(Ward.State.UP);
            assertThat(ward.restarts()).isZero();
        }
    }

    @Test
    void nextSupervisorTakesOverWhatRunsAsItWouldHaveStartedIt() throws IOException {
        var before = process(ROOM_SERVER, "1", port);
        before.start();
        var pid = before.pid();
        var after = process(ROOM_SERVER, "1", port);
        after.start();

        assertThat(after.pid()).isEqualTo(pid);
    }

    @Test
    void nextSupervisorReplacesWhatRunsInAnotherWay() throws IOException {
        var before = process(ROOM_SERVER, "1", port);
        before.start();
        var after = process(ROOM_SERVER, "2", port);
        after.start();

        assertThat(before.isAlive()).isFalse();
        await().atMost(PATIENCE).until(after::isHealthy);
    }

    @Test
    void whatEndsInsteadOfStartingIsNamed() {
        var file = directory.resolve("room-server-1.process");
        var launch = new Launch(List.of("false"), Map.of(), directory.resolve("out"), "TERM", "");
        var ward = new Ward(ROOM_SERVER, new OsProcess(launch, file, () -> false));
        try (var supervisor = new Supervisor()) {
            assertThatThrownBy(() -> supervisor.start(List.of(ward), PATIENCE))
                    .isInstanceOf(Supervisor.DoesNotStart.class)
                    .hasMessage("room-server#1 has ended instead of starting");
        }
    }

    private Supervisor supervising(Ward... wards) {
        var supervisor = new Supervisor();
        supervisor.start(List.of(wards), PATIENCE);
        supervisor.watch();
        return supervisor;
    }

    private Ward ward(String version) {
        return ward(ROOM_SERVER, version, port);
    }

    private Ward ward(Instance instance, String version, int at) {
        return new Ward(instance, process(instance, version, at));
    }

    private OsProcess process(Instance instance, String version, int at) {
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx16m",
                "-cp",
                System.getProperty("java.class.path"),
                Companion.class.getName(),
                Integer.toString(at));
        var launch = new Launch(command, Map.of(), directory.resolve(instance + ".out"), "TERM", version);
        var process = new OsProcess(
                launch, directory.resolve(instance.fileName() + ProcessFile.SUFFIX), () -> Http.isHealthy(at));
        processes.add(process);
        return process;
    }

    private static int freePortBeside() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
