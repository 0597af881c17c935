package io.myelin.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.engine.UuidV7;
import io.myelin.postgres.DatabaseLogin;
import io.myelin.testing.TestEngines;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** During an upgrade a writer of the next release may send commands that a server of this release cannot read. */
class UnreadableCommandIT {

    private final UuidV7 ids = new UuidV7(
            System::currentTimeMillis, () -> ThreadLocalRandom.current().nextLong());

    private CompletableFuture<byte[]> send(ToyProcess process, byte[] command) {
        return process.sender.send(ToyService.INPUT, 0, "key", ids.get(), null, command);
    }

    private static String text(CompletableFuture<byte[]> answer) throws Exception {
        return new String(answer.get(20, TimeUnit.SECONDS), StandardCharsets.UTF_8);
    }

    @Test
    void itIsRefusedAtOnceAndThoseBehindItAreDone() throws Exception {
        var fresh = TestEngines.shared().freshDatabase("unreadable_it");
        var login = new DatabaseLogin(fresh.url(), fresh.user(), fresh.password());
        try (ToyProcess process = new ToyProcess(login, TestEngines.shared().bootstrapServers())) {
            CompletableFuture<byte[]> unreadable =
                    send(process, "from the next release".getBytes(StandardCharsets.UTF_8));
            CompletableFuture<byte[]> behindIt = send(process, new ToyService.Add("key", 7, "seven", -1).encode());

            assertThat(text(unreadable)).isEqualTo("This server cannot read that command yet");
            assertThat(text(behindIt)).isEqualTo("7");
        }
    }
}
