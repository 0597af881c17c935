package io.myelin.presenceserver;

import io.myelin.presenceserver.config.PresenceServerConfiguration;
import io.myelin.server.process.ComponentProcess;
import io.myelin.server.process.Program;

/** presence-server as a process of its own. Who is there, and who was there last when. */
public final class PresenceServerApplication {
    private PresenceServerApplication() {}

    public static void main(String[] arguments) {
        ComponentProcess.main(Program.internal("presence-server", PresenceServerConfiguration.class), arguments);
    }
}
