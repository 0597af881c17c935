package io.myelin.clientroomsend.kafka;

import io.myelin.clientroomsend.signal.Signals;
import io.myelin.contracts.Cbor;
import io.myelin.contracts.EntityMessage;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.Unavailable;
import io.myelin.contracts.presence.PresenceInput.SetPresence;
import io.myelin.contracts.presence.PresenceTopics;
import io.myelin.contracts.typing.SetTyping;
import io.myelin.contracts.typing.TypingTopics;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Publishes to {@code typing.input} and {@code presence.input}, and waits until the broker has the record. */
public final class SignalPublisher implements Signals {

    /** Sends a record to which no answer comes. */
    @FunctionalInterface
    public interface Sender {

        /** @return fails with {@link Unavailable} if they could not be sent */
        CompletableFuture<Void> send(String topic, int partition, String key, byte[] value);
    }

    private final Sender sender;
    private final int shards;

    public SignalPublisher(Sender sender, int shards) {
        this.sender = sender;
        this.shards = shards;
    }

    @Override
    public void send(SetTyping typing) {
        publish(TypingTopics.INPUT.name(), typing);
    }

    @Override
    public void send(SetPresence presence) {
        publish(PresenceTopics.INPUT.name(), presence);
    }

    private void publish(String topic, EntityMessage signal) {
        String key = signal.entity();
        try {
            sender.send(topic, Partitions.of(key, shards), key, Cbor.encode(signal))
                    .get();
        } catch (ExecutionException e) {
            throw new Unavailable("A signal could not be sent", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("The server is stopping.", e);
        }
    }
}
