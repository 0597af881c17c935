package io.myelin.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ProcessesTest {

    private static final long SELF = ProcessHandle.current().pid();

    @Test
    void knowsWhatThisProcessUses() {
        var usage = Processes.usage(Set.of(SELF));
        assertThat(usage.cpuSeconds()).isPositive();
        assertThat(usage.memoryBytes()).isGreaterThan(1 << 20);
    }

    @Test
    void findsTheChildrenOfAProcess() throws IOException {
        var child = new ProcessBuilder("sleep", "600").start();
        try {
            assertThat(Processes.families(Set.of(SELF))).contains(SELF, child.pid());
        } finally {
            child.destroyForcibly();
        }
    }

    @Test
    void doesNotTakeItselfForTheServer() throws IOException {
        try (var server = new ScriptedServer(0, head -> ScriptedServer.CLOSE)) {
            assertThat(Processes.serving(Set.of(server.endpoint().port()))).isEmpty();
        }
    }
}
