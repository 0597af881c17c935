package io.myelin.apart;

import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One supervised instance: whether it should be running, and how often it has died lately. An instance that dies by itself
 * is restarted, at first at once, then after pauses that double. An instance that was stopped on request stays stopped.
 */
final class Ward {
    private static final Logger log = LoggerFactory.getLogger(Ward.class);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(15);
    private static final long FIRST_PAUSE = Duration.ofMillis(100).toNanos();
    private static final long LONGEST_PAUSE = Duration.ofSeconds(10).toNanos();
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
    private final Lifeline lifeline;
    private volatile boolean wanted;
    private long startedAt;
    private long pause = FIRST_PAUSE;
    private volatile int restarts;

    Ward(Instance instance, Lifeline lifeline) {
        this.instance = instance;
        this.lifeline = lifeline;
    }

    Instance instance() {
        return instance;
    }

    Lifeline lifeline() {
        return lifeline;
    }

    synchronized void start() throws IOException {
        wanted = true;
        pause = FIRST_PAUSE;
        startedAt = System.nanoTime();
        lifeline.start();
    }

    synchronized void stop() {
        wanted = false;
        lifeline.stop(STOP_PATIENCE);
    }

    synchronized void kill() {
        wanted = false;
        lifeline.kill();
    }

    /** Restarts the process if it has died by itself and the pause is over. */
    synchronized void look() {
        if (!wanted || lifeline.isAlive()) {
            return;
        }
        var now = System.nanoTime();
        if (now - startedAt > LONG_LIFE) {
            pause = FIRST_PAUSE;
        }
        if (now - startedAt < pause) {
            return;
        }
        pause = Math.min(LONGEST_PAUSE, pause * 2);
        startedAt = now;
        restarts = restarts + 1;
        log.warn("{} has died by itself; starting it again", instance);
        try {
            lifeline.start();
        } catch (IOException | RuntimeException e) {
            log.error("{} does not start; trying again", instance, e);
        }
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
        if (!lifeline.isAlive()) {
            return isWanted() ? State.DEAD : State.STOPPED;
        }
        return lifeline.isHealthy() ? State.UP : State.STARTING;
    }
}
