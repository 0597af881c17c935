package io.myelin.server.observability;

import io.myelin.kafka.LoopTurns;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this process has to be restarted, which is so when one of its loops stands still. It does not matter whether
 * the database or the broker answers: a restart would not bring them back, and every process would be restarted at once.
 */
final class Liveness {
    private static final Logger LOG = LoggerFactory.getLogger(Liveness.class);

    private final LoopTurns loops;

    Liveness(LoopTurns loops) {
        this.loops = loops;
    }

    /** What stands still; null if nothing does. */
    @Nullable
    String trouble() {
        var trouble = loops.standing(System.nanoTime());
        if (trouble != null) {
            LOG.error("This process has to be restarted: {}", trouble);
        }
        return trouble;
    }
}
