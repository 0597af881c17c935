package io.myelin.clientsync;

import io.myelin.clientsync.config.ClientSyncConfiguration;
import io.myelin.server.process.ComponentProcess;
import io.myelin.server.process.Program;

/** client-sync as a process of its own. The reader that tells clients what happened. */
public final class ClientSyncApplication {
    private ClientSyncApplication() {}

    public static void main(String[] arguments) {
        ComponentProcess.main(Program.forClients("client-sync", ClientSyncConfiguration.class), arguments);
    }
}
