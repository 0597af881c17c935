package io.myelin.engine.shard;

import java.util.List;

/**
 * The rules that a service brings to the engine: which entities a command touches, and the decision about them. They are
 * pure: the same entities, command and moment give the same decision.
 *
 * @param <S> an entity's state, immutable
 * @param <C> a command
 * @param <F> a fact that a decision establishes
 */
public interface Decider<S, C, F> {

    /**
     * The entities that {@link #decide} will read or change, as far as the command tells; at least one, all in the
     * command's own shard. If the decision needs another entity, it is broken off and made again once that entity is
     * loaded. Commands that share a key are decided in the order of their arrival; others do not wait for each other.
     */
    List<String> keys(C command);

    /** Decides a command on committed state plus the decisions before it in the same transaction. */
    Decision<S, F> decide(Entities<S> entities, C command, Moment moment);

    /** About how many bytes an entity's state takes in memory, with its parsed form. */
    long weight(S state);

    /**
     * Whether deciding this command may hold up the loop for too long. This is a cheap estimate from the command alone. A
     * heavy command is first {@linkplain #prepare prepared} on another thread.
     */
    default boolean isHeavy(C command) {
        return false;
    }

    /**
     * Computes the slow part of a heavy command's decision, on any thread beside the loop. It returns the command that
     * {@link #decide} is given instead: the same command with the results. Its decision is the one that the original would
     * have, but sooner. The results may depend on the entities that were read here. These are as committed, and other
     * commands that name them wait meanwhile; if one has changed nevertheless, the original command is prepared anew. The
     * results must not depend on the {@link Moment}, which is known only when the command is decided.
     *
     * <p>An entity that is not loaded breaks this off, as it does a decision; any other exception fails the command.
     */
    default C prepare(Entities<S> entities, C command) {
        return command;
    }

    /**
     * Whether this version of the service knows the command. If not, a client is told so; an order stays with the shard
     * that gave it until a newer version carries it out.
     */
    default boolean understands(C command) {
        return true;
    }

    /** The answer to a command that can never be committed. */
    byte[] failed(String reason);
}
