package io.myelin.engine.shard;

/** Where the answer to a command goes. */
public sealed interface ReplyTo {

    /** A partition of the reply topic, which the writer reads. */
    record Partition(int number) implements ReplyTo {}

    /** The door: a caller in this process, or of an HTTP request, that waits for this ticket. */
    record LocalCaller(long ticket) implements ReplyTo {}

    /** No caller waits for an answer. */
    record Nobody() implements ReplyTo {}
}
