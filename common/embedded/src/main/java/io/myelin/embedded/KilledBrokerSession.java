package io.myelin.embedded;

import com.yammer.metrics.core.Gauge;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.server.metrics.KafkaYammerMetrics;

/**
 * The session of a broker that was killed. After a restart the controller takes that broker to be alive until its
 * session is over, and refuses its successor until then. Since no broker can be alive, time leaps over that session.
 */
final class KilledBrokerSession {
    private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

    /** The limit of leaps, since they must not end the session of the successor, which is fenced when it registers. */
    private static final int MOST_LEAPS = 25;

    private KilledBrokerSession() {}

    /** Whether a killed broker has left its session in the directory. To be called before a broker starts there. */
    static boolean isIn(Path directory) {
        return Files.exists(directory.resolve("meta.properties"))
                && !Files.exists(directory.resolve(".kafka_cleanshutdown"));
    }

    /** Ends the session once the controller has begun it, which is shortly after the controller becomes active. */
    static void end(Duration session, LeapingTime time, Future<?> start) {
        Thread.ofPlatform().name("former-session").daemon().start(() -> {
            while (!start.isDone() && !isOne("ActiveControllerCount")) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            for (int leap = 0; leap < MOST_LEAPS && !start.isDone() && !isOne("FencedBrokerCount"); leap++) {
                time.leap(session);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        });
    }

    /** Whether the controller's gauge of that name is 1. */
    private static boolean isOne(String gauge) {
        var name = KafkaYammerMetrics.getMetricName("kafka.controller", "KafkaController", gauge);
        return KafkaYammerMetrics.defaultRegistry().allMetrics().get(name) instanceof Gauge<?> count
                && Integer.valueOf(1).equals(count.value());
    }
}
