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
    private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

    /** No session of the successor, which is fenced when it is taken, must be over before it has begun. */
    private static final int MOST_LEAPS = 25;

    private FormerSession() {}

    /** To be asked before a broker starts on the directory. */
    static boolean isIn(Path directory) {
        return Files.exists(directory.resolve("meta.properties"))
                && !Files.exists(directory.resolve(".kafka_cleanshutdown"));
    }

    /** Ends it when the controller has begun it: it says that it is active a little before. */
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

    /** What the controller's gauge of that name says. */
    private static boolean isOne(String gauge) {
        var name = KafkaYammerMetrics.getMetricName("kafka.controller", "KafkaController", gauge);
        return KafkaYammerMetrics.defaultRegistry().allMetrics().get(name) instanceof Gauge<?> count
                && Integer.valueOf(1).equals(count.value());
    }
}
