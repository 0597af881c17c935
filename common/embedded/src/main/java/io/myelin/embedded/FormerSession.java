package io.myelin.embedded;

import com.yammer.metrics.core.Gauge;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.server.metrics.KafkaYammerMetrics;

/**
 * What a broker that was killed leaves behind: the controller, which is in the same process now, takes it to be alive
 * until its session is over, and refuses its successor until then. Nobody is there; time leaps over that session.
 */
final class FormerSession {
    private static final long PAUSE_NANOS = Duration.ofMillis(5).toNanos();

    private FormerSession() {}

    /** To be asked before a broker starts on the directory. */
    static boolean isIn(Path directory) {
        return Files.exists(directory.resolve("meta.properties"))
                && !Files.exists(directory.resolve(".kafka_cleanshutdown"));
    }

    /** Ends it as soon as the controller has begun it. */
    static void end(Duration session, LeapingTime time, Future<?> start) {
        Thread.ofVirtual().name("former-session").start(() -> {
            while (!start.isDone()) {
                if (isControllerActive()) {
                    time.leap(session);
                    return;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        });
    }

    private static boolean isControllerActive() {
        var name = KafkaYammerMetrics.getMetricName("kafka.controller", "KafkaController", "ActiveControllerCount");
        return KafkaYammerMetrics.defaultRegistry().allMetrics().get(name) instanceof Gauge<?> count
                && Integer.valueOf(1).equals(count.value());
    }
}
