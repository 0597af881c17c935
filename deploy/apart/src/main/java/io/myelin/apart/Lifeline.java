package io.myelin.apart;

import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;

/** The life of one process, which may have begun before this supervisor and may outlast it. */
interface Lifeline {
    /** Starts the process unless it lives already; does not wait for more than that. */
    void start() throws IOException;

    /** Its number while it lives. */
    OptionalLong pid();

    /** Whether it says that it can do its work. */
    boolean isHealthy();

    /** Asks it to end, and returns when it has; kills it when it has not within that time. */
    void stop(Duration patience);

    /** SIGKILL; returns when it is dead. */
    void kill();

    default boolean isAlive() {
        return pid().isPresent();
    }
}
