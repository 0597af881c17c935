package io.myelin.contracts;

/** What is sent to the owner of one entity: a command, or a signal that nobody answers. */
public interface ForEntity {

    /** The entity: a room ID, a room alias or a user ID. {@link Partitions} says which shard it belongs to. */
    String entity();
}
