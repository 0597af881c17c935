package io.myelin.engine.shard;

/** The entities that a command named by its keys, loaded. */
@FunctionalInterface
public interface Entities<S> {

    /**
     * The state of an entity; what has never been written is whatever the service loads for it.
     *
     * @throws IllegalArgumentException if the command did not name the key
     */
    S get(String key);
}
