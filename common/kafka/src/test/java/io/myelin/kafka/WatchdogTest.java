package io.myelin.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchdogTest {

    private final List<String> said = new ArrayList<>();
    private final Watchdog watchdog = new Watchdog(said::add);

    @Test
    void saysOnceWhatTakesTooLongAndWhereItStands() {
        try (Watchdog.Watched watched = watchdog.watch("The loop of toy", null)) {
            watched.begin("its turn");
            watched.goOnWith("the command 7, Add of [a], in shard 3");
            long late = System.nanoTime() + Watchdog.SLOW_NANOS;
            watchdog.look(late);
            watchdog.look(late);
            assertThat(said)
                    .singleElement()
                    .asString()
                    .startsWith("The loop of toy has been busy for 1")
                    .contains("the command 7, Add of [a], in shard 3", "WatchdogTest");
        }
    }

    @Test
    void isSilentAboutWhatIsQuickOrHasEnded() {
        try (Watchdog.Watched watched = watchdog.watch("The loop of toy", null)) {
            watched.begin("its turn");
            watchdog.look(System.nanoTime());
            watched.end();
            watchdog.look(System.nanoTime() + 10 * Watchdog.SLOW_NANOS);
            assertThat(said).isEmpty();
        }
    }
}
