package io.myelin.allinone;

import org.springframework.context.SmartLifecycle;

/** A part of the server that starts and stops in a phase, see {@link io.myelin.web.config.Phases}. */
final class Stage implements SmartLifecycle {

    /** What may fail, or be interrupted. */
    interface Step {
        void run() throws Exception;
    }

    private final int phase;
    private final Step start;
    private final Step stop;
    private volatile boolean running;

    Stage(int phase, Step start, Step stop) {
        this.phase = phase;
        this.start = start;
        this.stop = stop;
    }

    @Override
    public void start() {
        take(start);
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        take(stop);
    }

    private static void take(Step step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return phase;
    }
}
