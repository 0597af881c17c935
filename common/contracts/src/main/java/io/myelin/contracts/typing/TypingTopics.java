package io.myelin.contracts.typing;

import io.myelin.contracts.Topic;

/** The topics of typing-server. Partition = shard of the room. */
public final class TypingTopics {
    public static final Topic.Signals<SetTyping> INPUT = new Topic.Signals<>("typing.input", SetTyping.class);

    public static final Topic.Values<RoomTyping> OUTPUT = new Topic.Values<>(
            "typing.output", RoomTyping.class, typing -> typing.room().value(), TypingContracts.QUERIES);

    private TypingTopics() {}
}
