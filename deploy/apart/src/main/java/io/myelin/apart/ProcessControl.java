package io.myelin.apart;

import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;

/** Controls the process of one instance. The process may have started before this supervisor, and may outlive it. */
interface ProcessControl {
    /** Starts the process unless it is alive; does not wait until it is ready. */
    void start() throws IOException;

    /** Its pid while it is alive. */
    OptionalLong pid();

    /** Whether its health check says that it can do its work. */
    boolean isHealthy();

    /** Asks it to end and waits until it has; kills it if it has not ended within {@code patience}. */
    void stop(Duration patience);

    /** Sends SIGKILL and waits until the process is dead. */
    void kill();

    default boolean isAlive() {
        return pid().isPresent();
    }
}
