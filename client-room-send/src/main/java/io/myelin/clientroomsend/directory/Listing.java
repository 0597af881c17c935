package io.myelin.clientroomsend.directory;

import io.myelin.clientroomsend.command.RoomCommands;
import io.myelin.clientroomsend.lookup.RoomStates;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.room.RoomCommand.SetDirectoryVisibility;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.matrix.id.RoomId;

/** Whether the room directory shows a room. */
public final class Listing {
    private final RoomCommands commands;
    private final RoomQueries rooms;
    private final RoomStates states;

    public Listing(RoomCommands commands, RoomQueries rooms, RoomStates states) {
        this.commands = commands;
        this.rooms = rooms;
        this.states = states;
    }

    public boolean isPublished(RoomId room) {
        states.require(room);
        return rooms.isPublished(room);
    }

    public void publish(Session session, RoomId room, boolean published) {
        commands.perform(new SetDirectoryVisibility(room, session.user(), published));
    }
}
