package io.myelin.contracts.room;

import io.myelin.contracts.Topic;

/** The topics of room-server. */
public final class RoomTopics {

    /** Partition = shard of the command's key. */
    public static final Topic.Commands<RoomCommand> INPUT = new Topic.Commands<>("room.input", RoomCommand.class);

    /** Partition = shard. */
    public static final Topic.Facts<RoomFact> OUTPUT =
            new Topic.Facts<>("room.output", RoomFact.class, RoomContracts.QUERIES);

    private RoomTopics() {}
}
