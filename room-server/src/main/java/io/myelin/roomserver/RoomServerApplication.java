package io.myelin.roomserver;

import io.myelin.roomserver.config.RoomServerConfiguration;
import io.myelin.server.process.ComponentProcess;
import io.myelin.server.process.Program;

/** room-server as a process of its own. Rooms: their events and state, and who may do what in them. */
public final class RoomServerApplication {
    private RoomServerApplication() {}

    public static void main(String[] arguments) {
        ComponentProcess.main(Program.internal("room-server", RoomServerConfiguration.class), arguments);
    }
}
