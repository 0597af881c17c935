package io.myelin.engine.shard;

import java.util.List;

/**
 * What a service brings to the engine: which entities a command touches, and what it decides about them. Pure: the
 * same entities, command and moment give the same decision.
 *
 * @param <S> an entity's state, immutable
 * @param <C> a command
 * @param <F> a fact that a decision establishes
 */
public interface Decider<S, C, F> {

    /**
     * The entities that {@link #decide} will read or change, as far as the command tells: for others it is broken off once
     * and made again. Commands that share a key are decided in the order of their arrival; others do not wait for each
     * other. At least one, all in the command's own shard.
     */
    List<String> keys(C command);

    /** Decides a command on committed state plus the decisions before it in the same transaction. */
    Decision<S, F> decide(Entities<S> entities, C command, Moment moment);

    /** About how many bytes an entity's state takes in memory, what parsing has made of it included. */
    long weight(S state);

    /** The answer to a command that can never be committed. */
    byte[] failed(String reason);
}
