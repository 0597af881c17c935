package io.myelin.embedded;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.utils.Exit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles Kafka's request to end the process, which it makes after a fatal fault.
 *
 * <p>While a broker starts, the start fails and its caller decides. While a broker stops, the request is ignored.
 * Otherwise the process prints the reason and halts at once: without its broker it would accept no write, and the next
 * start repairs the data.
 */
final class BrokerFaults {
    private static final Logger log = LoggerFactory.getLogger(BrokerFaults.class);
    private static volatile @Nullable CompletableFuture<Void> starting;
    private static volatile boolean stopping;

    private BrokerFaults() {}

    /** From now on a fatal fault completes {@code start} exceptionally. */
    static void belongTo(CompletableFuture<Void> start) {
        starting = start;
        stopping = false;
        Exit.setExitProcedure(BrokerFaults::fatal);
        Exit.setHaltProcedure(BrokerFaults::fatal);
    }

    /** From now on a fatal fault halts the process. */
    static void haltTheProcess() {
        starting = null;
    }

    /** From now on a fatal fault is ignored. */
    static void areExpected() {
        starting = null;
        stopping = true;
    }

    private static void fatal(int status, @Nullable String message) {
        var reason = new IllegalStateException("The embedded Kafka broker met a fatal fault (status " + status + ")"
                + (message == null ? "" : ": " + message));
        var start = starting;
        if (start != null) {
            start.completeExceptionally(reason);
            throw reason;
        }
        if (stopping) {
            return;
        }
        log.error("{}. Myelin halts; what was acknowledged is in the database.", reason.getMessage(), reason);
        System.err.println(reason.getMessage() + ": Myelin halts. The lines above say what the broker met.");
        System.err.flush();
        Runtime.getRuntime().halt(70);
    }
}
