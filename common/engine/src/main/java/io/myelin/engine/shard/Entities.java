package io.myelin.engine.shard;

import java.util.Collection;

/** The entities that a decision is about: those that the command named by its keys, and any others of the shard. */
@FunctionalInterface
public interface Entities<S> {

    /**
     * The state of an entity. For an entity that was never written, it is what the service loads for it.
     *
     * @throws NotLoaded if the entity is not loaded, since the command did not name its key. The decider must not catch it.
     *     The command then counts as naming the key, and is decided anew from the beginning once the entity is loaded
     */
    S get(String key);

    /**
     * Names entities that will be needed; those that are not loaded are then loaded together.
     *
     * @throws NotLoaded as {@link #get} does
     */
    default void require(Collection<String> keys) {
        keys.forEach(this::get);
    }
}
