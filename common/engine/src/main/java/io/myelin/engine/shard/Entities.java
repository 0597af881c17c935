package io.myelin.engine.shard;

/** The entities that a decision is about: those that the command named by its keys, and any others of the shard. */
@FunctionalInterface
public interface Entities<S> {

    /**
     * The state of an entity; what has never been written is whatever the service loads for it.
     *
     * @throws NotLoaded if the command did not name the key and nobody else needs the entity now: to be let through. The
     *     command is decided anew, from the beginning, when the entity is here; until then it is as if it had named it
     */
    S get(String key);
}
