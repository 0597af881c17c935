package io.myelin.clientroomsend.kafka;

import io.myelin.clientroomsend.command.RoomCommands;
import io.myelin.contracts.Cbor;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.OfEntity;
import io.myelin.contracts.room.RoomTopics;
import io.myelin.engine.shard.TransactionKey;
import org.jspecify.annotations.Nullable;

/** Publishes commands to {@code room.input}. */
public final class RoomCommandPublisher implements RoomCommands {
    private final CommandClient commandClient;

    public RoomCommandPublisher(CommandClient commandClient) {
        this.commandClient = commandClient;
    }

    @Override
    public RoomAnswer execute(OfEntity command, @Nullable TransactionKey transaction) {
        byte[] answer = commandClient.ask(RoomTopics.INPUT.name(), command, transaction);
        return Cbor.decode(answer, RoomAnswer.class);
    }
}
