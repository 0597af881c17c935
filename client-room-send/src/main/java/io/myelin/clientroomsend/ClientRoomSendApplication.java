package io.myelin.clientroomsend;

import io.myelin.clientroomsend.config.ClientRoomSendConfiguration;
import io.myelin.server.process.ComponentProcess;
import io.myelin.server.process.Program;

/** client-room-send as a process of its own. The writer of what clients want to happen in rooms. */
public final class ClientRoomSendApplication {
    private ClientRoomSendApplication() {}

    public static void main(String[] arguments) {
        ComponentProcess.main(Program.forClients("client-room-send", ClientRoomSendConfiguration.class), arguments);
    }
}
