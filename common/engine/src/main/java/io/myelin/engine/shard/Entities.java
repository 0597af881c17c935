package io.myelin.engine.shard;

import java.util.Collection;

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

    /**
     * Says what will be asked for: what of it is not here is loaded in one go.
     *
     * @throws NotLoaded as {@link #get} does
     */
    default void require(Collection<String> keys) {
        keys.forEach(this::get);
    }
}
