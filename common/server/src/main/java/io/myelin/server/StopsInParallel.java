package io.myelin.server;

import org.springframework.context.SmartLifecycle;

/** A component that takes a while to stop, and stops in parallel with the others of its phase. */
interface StopsInParallel extends SmartLifecycle {
    @Override
    default void stop(Runnable callback) {
        Thread.ofVirtual().name("stop").start(() -> {
            try {
                stop();
            } finally {
                callback.run();
            }
        });
    }
}
