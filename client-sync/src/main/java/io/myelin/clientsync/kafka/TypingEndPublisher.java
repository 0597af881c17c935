package io.myelin.clientsync.kafka;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.typing.SetTyping;
import io.myelin.contracts.typing.TypingTopics;
import io.myelin.kafka.EphemeralSender;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Publishes to {@code typing.input} that a user no longer types, off the thread that found it, because sending may wait
 * for a moment.
 */
public final class TypingEndPublisher implements Consumer<SetTyping> {
    private final EphemeralSender sender;
    private final int shards;
    private final Executor executor;

    public TypingEndPublisher(EphemeralSender sender, int shards, Executor executor) {
        this.sender = sender;
        this.shards = shards;
        this.executor = executor;
    }

    @Override
    public void accept(SetTyping typing) {
        String room = typing.entity();
        executor.execute(() -> {
            var _ = sender.send(TypingTopics.INPUT.name(), Partitions.of(room, shards), room, Cbor.encode(typing));
        });
    }
}
