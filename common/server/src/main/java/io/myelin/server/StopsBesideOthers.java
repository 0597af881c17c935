package io.myelin.server;

import org.springframework.context.SmartLifecycle;

/** What takes a while to stop, and does so beside the others of its phase. */
interface StopsBesideOthers extends SmartLifecycle {
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
