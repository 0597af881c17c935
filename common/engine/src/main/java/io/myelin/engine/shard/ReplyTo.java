package io.myelin.engine.shard;

/** Where the answer to a command goes. */
public sealed interface ReplyTo {

    /** A partition of the reply topic, which the writer reads. */
    record Partition(int number) implements ReplyTo {}

    /** A caller in this very process, or at the other end of an HTTP request, who waits for this ticket. */
    record Door(long ticket) implements ReplyTo {}

    /** Nobody waits. */
    record Nobody() implements ReplyTo {}
}
