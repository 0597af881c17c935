package io.myelin.federationsend;

import io.myelin.federationsend.config.FederationSendConfiguration;
import io.myelin.server.process.ComponentProcess;
import io.myelin.server.process.Program;

/** federation-send as a process of its own. What this server and others say to each other. */
public final class FederationSendApplication {
    private FederationSendApplication() {}

    public static void main(String[] arguments) {
        ComponentProcess.main(Program.forClients("federation-send", FederationSendConfiguration.class), arguments);
    }
}
