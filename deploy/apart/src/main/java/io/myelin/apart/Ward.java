package io.myelin.apart;

import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One instance in the supervisor's care: whether it should live, and how often it has died lately. What dies by itself
 * is started again, at first at once, then after pauses that double; what somebody has stopped is left alone.
 */
final class Ward {
    private static final Logger log = LoggerFactory.getLogger(Ward.class);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(15);
    private static final long FIRST_PAUSE = Duration.ofMillis(100).toNanos();
    private static final long LONGEST_PAUSE = Duration.ofSeconds(10).toNanos();
    /** Who has lived this long has not died of the start. */
    private static final long LONG_LIFE = Duration.ofSeconds(30).toNanos();

    /** How it is. */
    enum State {
        /** It lives and does its work. */
        UP,
        /** It lives, and does not do its work yet, or any more. */
        STARTING,
        /** Somebody has stopped or killed it. */
        STOPPED,
        /** It has died and will be started again. */
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

    /** Starts it again if it has died by itself and has been dead for long enough. */
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

    /** How often it has died by itself and was started again. */
    int restarts() {
        return restarts;
    }

    boolean isWanted() {
        return wanted;
    }

    /** Asks the process itself, which may take a moment. */
    State state() {
        if (!lifeline.isAlive()) {
            return isWanted() ? State.DEAD : State.STOPPED;
        }
        return lifeline.isHealthy() ? State.UP : State.STARTING;
    }
}
