package io.myelin.apart;

import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * One supervised instance: whether it should be running, and how often it has died lately. An instance that dies by itself
 * is restarted, at first at once, then after pauses that double. An instance that was stopped on request stays stopped.
 */
final class SupervisedInstance {
    private static final Logger log = LoggerFactory.getLogger(SupervisedInstance.class);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(15);
    private static final BackOff PAUSES = doubling(Duration.ofMillis(100), Duration.ofSeconds(10));
    /** A process that stays up this long has started successfully. */
    private static final long LONG_LIFE = Duration.ofSeconds(30).toNanos();

    enum State {
        /** Alive and healthy. */
        UP,
        /** Alive, but not healthy yet or any more. */
        STARTING,
        /** Stopped or killed on request. */
        STOPPED,
        /** Died by itself, and about to be restarted. */
        DEAD
    }

    private final Instance instance;
    private final ProcessControl processControl;
    private volatile boolean wanted;
    private long startedAt;
    private BackOffExecution pauses = PAUSES.start();
    private long pause = nanos(pauses.nextBackOff());
    private volatile int restarts;

    SupervisedInstance(Instance instance, ProcessControl processControl) {
        this.instance = instance;
        this.processControl = processControl;
    }

    Instance instance() {
        return instance;
    }

    ProcessControl processControl() {
        return processControl;
    }

    synchronized void start() throws IOException {
        wanted = true;
        beginPausesAnew();
        startedAt = System.nanoTime();
        processControl.start();
    }

    synchronized void stop() {
        wanted = false;
        processControl.stop(STOP_PATIENCE);
    }

    synchronized void kill() {
        wanted = false;
        processControl.kill();
    }

    /** Restarts the process if it has died by itself and the pause is over. */
    synchronized void look() {
        if (!wanted || processControl.isAlive()) {
            return;
        }
        var now = System.nanoTime();
        if (now - startedAt > LONG_LIFE) {
            beginPausesAnew();
        }
        if (now - startedAt < pause) {
            return;
        }
        pause = nanos(pauses.nextBackOff());
        startedAt = now;
        restarts = restarts + 1;
        log.warn("{} has died by itself; starting it again", instance);
        try {
            processControl.start();
        } catch (IOException | RuntimeException e) {
            log.error("{} does not start; trying again", instance, e);
        }
    }

    private void beginPausesAnew() {
        pauses = PAUSES.start();
        pause = nanos(pauses.nextBackOff());
    }

    private static BackOff doubling(Duration first, Duration longest) {
        var pauses = new ExponentialBackOff(first.toMillis(), 2);
        pauses.setMaxInterval(longest.toMillis());
        return pauses;
    }

    private static long nanos(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    /** How often it has died by itself and was restarted. */
    int restarts() {
        return restarts;
    }

    boolean isWanted() {
        return wanted;
    }

    /** Its state. Asks the process for its health, which may take a moment. */
    State state() {
        if (!processControl.isAlive()) {
            return isWanted() ? State.DEAD : State.STOPPED;
        }
        return processControl.isHealthy() ? State.UP : State.STARTING;
    }
}
