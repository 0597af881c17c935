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

    /**
     * Whether deciding this command may take longer than a loop should be held up: an estimate by the command alone, that
     * costs nothing. A heavy command is first {@linkplain #prepare prepared} on another thread.
     */
    default boolean isHeavy(C command) {
        return false;
    }

    /**
     * Works out beside the loop what takes long in a heavy command's decision, on any thread, and returns the command that
     * {@link #decide} is then given instead: the same one, with what was worked out. Deciding it has the outcome that the
     * original would have, sooner. What was worked out may rest on the entities that were read here: they are as committed,
     * other commands that name them wait meanwhile, and if one has changed all the same, the original command is prepared
     * anew. It must not rest on the {@link Moment}, which is known when the command is decided.
     *
     * <p>An entity that is not loaded breaks this off, as it does a decision; any other exception fails the command.
     */
    default C prepare(Entities<S> entities, C command) {
        return command;
    }

    /**
     * Whether this version of the service knows what the command wants. If not, it says so to a client; an order is left
     * with the shard that gave it, until a newer version carries it out.
     */
    default boolean understands(C command) {
        return true;
    }

    /** The answer to a command that can never be committed. */
    byte[] failed(String reason);
}
