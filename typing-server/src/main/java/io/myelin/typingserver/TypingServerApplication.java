package io.myelin.typingserver;

import io.myelin.server.process.ComponentProcess;
import io.myelin.server.process.Program;
import io.myelin.typingserver.config.TypingServerConfiguration;

/** typing-server as a process of its own. Who is typing where. */
public final class TypingServerApplication {
    private TypingServerApplication() {}

    public static void main(String[] arguments) {
        ComponentProcess.main(Program.internal("typing-server", TypingServerConfiguration.class), arguments);
    }
}
