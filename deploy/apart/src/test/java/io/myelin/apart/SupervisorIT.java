package io.myelin.apart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.myelin.testing.FreePort;
import java.io.IOException;
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
    private static final Instance SERVER = new Instance(Component.of(Examples.SERVER), 1);
    private final List<OsProcess> processes = new ArrayList<>();

    @TempDir
    Path directory;

    private int port;

    @BeforeEach
    void choosePort() {
        port = FreePort.choose();
    }

    @AfterEach
    void endAll() {
        processes.forEach(OsProcess::kill);
    }

    @Test
    void whatDiesByItselfIsStartedAgain() {
        var supervisedInstance = supervisedInstance("1");
        try (var supervisor = supervising(supervisedInstance)) {
            var first = supervisedInstance.processControl().pid().orElseThrow();
            ProcessHandle.of(first).orElseThrow().destroyForcibly();

            await().atMost(PATIENCE)
                    .until(() -> supervisedInstance.state() == SupervisedInstance.State.UP
                            && supervisedInstance.restarts() == 1);
            assertThat(supervisedInstance.processControl().pid().orElseThrow()).isNotEqualTo(first);
            assertThat(supervisor.supervisedInstances()).containsExactly(supervisedInstance);
        }
        assertThat(supervisedInstance.processControl().isAlive()).isFalse();
    }

    @Test
    void whatSomebodyHasKilledStaysDeadUntilItIsStarted() {
        var supervisedInstance = supervisedInstance("1");
        var other = supervisedInstance(new Instance(Component.of(Examples.READER), 1), "1", FreePort.choose());
        try (var supervisor = supervising(supervisedInstance, other)) {
            supervisedInstance.kill();
            // Once the watch has restarted the second instance, it has certainly looked at the first.
            ProcessHandle.of(other.processControl().pid().orElseThrow())
                    .orElseThrow()
                    .destroyForcibly();
            await().atMost(PATIENCE).until(() -> other.restarts() == 1);
            assertThat(supervisedInstance.state()).isEqualTo(SupervisedInstance.State.STOPPED);

            assertThat(supervisor.startAgain(List.of(supervisedInstance), PATIENCE))
                    .isEmpty();
            assertThat(supervisedInstance.state()).isEqualTo(SupervisedInstance.State.UP);
            assertThat(supervisedInstance.restarts()).isZero();
        }
    }

    @Test
    void nextSupervisorTakesOverWhatRunsAsItWouldHaveStartedIt() throws IOException {
        var before = process(SERVER, "1", port);
        before.start();
        var pid = before.pid();
        var after = process(SERVER, "1", port);
        after.start();

        assertThat(after.pid()).isEqualTo(pid);
    }

    @Test
    void nextSupervisorReplacesWhatRunsInAnotherWay() throws IOException {
        var before = process(SERVER, "1", port);
        before.start();
        var after = process(SERVER, "2", port);
        after.start();

        assertThat(before.isAlive()).isFalse();
        await().atMost(PATIENCE).until(after::isHealthy);
    }

    @Test
    void whatEndsInsteadOfStartingIsNamed() {
        var file = directory.resolve("server-1.process");
        var launch = new Launch(List.of("false"), Map.of(), directory.resolve("out"), "TERM", "");
        var supervisedInstance = new SupervisedInstance(SERVER, new OsProcess(launch, file, () -> false));
        try (var supervisor = new Supervisor()) {
            assertThatThrownBy(() -> supervisor.start(List.of(supervisedInstance), PATIENCE))
                    .isInstanceOf(Supervisor.DoesNotStart.class)
                    .hasMessage(SERVER + " has ended instead of starting");
        }
    }

    private Supervisor supervising(SupervisedInstance... supervisedInstances) {
        var supervisor = new Supervisor();
        supervisor.start(List.of(supervisedInstances), PATIENCE);
        supervisor.watch();
        return supervisor;
    }

    private SupervisedInstance supervisedInstance(String version) {
        return supervisedInstance(SERVER, version, port);
    }

    private SupervisedInstance supervisedInstance(Instance instance, String version, int at) {
        return new SupervisedInstance(instance, process(instance, version, at));
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
}
