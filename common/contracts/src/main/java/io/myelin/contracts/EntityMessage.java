package io.myelin.contracts;

/** A message to the owner of one entity: a command, or a signal that gets no answer. */
public interface EntityMessage {

    /** The entity: a room ID, a room alias or a user ID. {@link Partitions} says which shard it belongs to. */
    String entity();
}
