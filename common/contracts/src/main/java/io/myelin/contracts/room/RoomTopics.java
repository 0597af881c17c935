package io.myelin.contracts.room;

/** The topics of room-server. */
public final class RoomTopics {

    /** {@link RoomCommand}s; partition = shard of the command's key. */
    public static final String INPUT = "room.input";

    /** {@link RoomFact}s; partition = shard. */
    public static final String OUTPUT = "room.output";

    private RoomTopics() {}
}
