package io.myelin.accountserver;

import io.myelin.accountserver.config.AccountServerConfiguration;
import io.myelin.server.process.ComponentProcess;
import io.myelin.server.process.Program;
import io.myelin.server.wiring.WiringPageConfiguration;

/**
 * account-server as a process of its own. Users: their accounts, devices, profiles and account data; and the
 * page that shows the wiring.
 */
public final class AccountServerApplication {
    private AccountServerApplication() {}

    public static void main(String[] arguments) {
        ComponentProcess.main(
                Program.forClients("account-server", AccountServerConfiguration.class, WiringPageConfiguration.class),
                arguments);
    }
}
