package io.myelin.kafka;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * When each loop of this process last began a turn. Whatever a loop waits for in a turn (records, the broker's answer, a
 * commit) ends within seconds, also while Kafka or PostgreSQL is away. So a loop that has not turned for a minute has
 * died or hangs, and only a new process helps.
 */
public final class LoopTurns {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final LoopTurns OF_THIS_PROCESS = new LoopTurns();

    private final Set<Loop> loops = ConcurrentHashMap.newKeySet();

    LoopTurns() {}

    public static LoopTurns ofThisProcess() {
        return OF_THIS_PROCESS;
    }

    /** Adds the calling thread's loop, whose first turn begins now. */
    Loop begin(String name) {
        Loop loop = new Loop(name);
        loops.add(loop);
        return loop;
    }

    /** Which loop has not turned for {@link #PATIENCE}; null if none. */
    public @Nullable String standing(long nanoTime) {
        for (Loop loop : loops) {
            long since = nanoTime - loop.turnedAt;
            if (since > PATIENCE.toNanos()) {
                return loop.name + " has not turned for "
                        + Duration.ofNanos(since).toSeconds() + " s";
            }
        }
        return null;
    }

    /** One loop. A loop whose thread dies is never ended, so that it counts as standing. */
    final class Loop {
        private final String name;
        private volatile long turnedAt = System.nanoTime();

        private Loop(String name) {
            this.name = name;
        }

        /** Another turn begins. */
        void turn() {
            turnedAt = System.nanoTime();
        }

        /** The loop was told to stop. */
        void end() {
            loops.remove(this);
        }
    }
}
