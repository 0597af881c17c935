package io.myelin.engine.shard;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of a heavy command's decision that is worked out beside the loop, see {@link Decider#prepare}. It is run
 * once, by any thread, and then brought back by {@link ShardRuntime#prepared}.
 *
 * @param <S> an entity's state
 * @param <C> a command
 */
public final class Preparation<S, C> implements Runnable {

    final Work<C> work;

    /** The states that it rests on: while they are the same, so is what was worked out. */
    final Map<String, S> read = new HashMap<>();

    private final Decider<S, C, ?> decider;
    private final Map<String, S> states;

    /** What the command has become; null if one of the others says why not. */
    @Nullable
    C prepared;

    /** The entity that is needed besides, and has to be loaded first. */
    @Nullable
    String missing;

    /** Why the command can never be prepared. */
    @Nullable
    Throwable bug;

    Preparation(Decider<S, C, ?> decider, Work<C> work, Map<String, S> states) {
        this.decider = decider;
        this.work = work;
        this.states = Map.copyOf(states);
    }

    @Override
    public void run() {
        try {
            prepared = decider.prepare(this::state, work.request.command());
        } catch (NotLoaded needed) {
            missing = needed.key();
        } catch (RuntimeException | StackOverflowError e) {
            bug = e;
        }
    }

    private S state(String key) {
        S state = states.get(key);
        if (state == null) {
            throw new NotLoaded(key);
        }
        read.put(key, state);
        return state;
    }

    @Override
    public String toString() {
        return "the preparation of the command " + work.request.id() + ", "
                + work.request.command().getClass().getSimpleName() + " of " + work.keys;
    }
}
