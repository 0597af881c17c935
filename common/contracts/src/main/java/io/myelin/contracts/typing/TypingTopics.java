package io.myelin.contracts.typing;

/** The topics of typing-server. */
public final class TypingTopics {

    /** {@link SetTyping}; partition = shard of the room. Nobody waits for an answer. */
    public static final String INPUT = "typing.input";

    /** {@link RoomTyping}; partition = shard of the room. */
    public static final String OUTPUT = "typing.output";

    private TypingTopics() {}
}
