package io.myelin.engine.shard;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of a heavy command's decision that is computed beside the loop, see {@link Decider#prepare}. It is run once, by
 * any thread, and then brought back by {@link ShardRuntime#prepared}.
 *
 * @param <S> an entity's state
 * @param <C> a command
 */
public final class Preparation<S, C> implements Runnable, Entities<S> {

    final Work<C> work;

    /** The states that the result depends on; it is valid while they are the same. */
    final Map<String, S> read = new HashMap<>();

    private final Decider<S, C, ?> decider;
    private final Map<String, S> states;

    /** The prepared command; null if {@link #missing} or {@link #bug} says why there is none. */
    @Nullable
    C prepared;

    /** Further entities that have to be loaded first. */
    @Nullable
    List<String> missing;

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
            prepared = decider.prepare(this, work.original());
        } catch (NotLoaded needed) {
            missing = needed.keys();
        } catch (RuntimeException | StackOverflowError e) {
            bug = e;
        }
    }

    @Override
    public S get(String key) {
        S state = states.get(key);
        if (state == null) {
            throw new NotLoaded(List.of(key));
        }
        read.put(key, state);
        return state;
    }

    @Override
    public void require(Collection<String> keys) {
        List<String> absent =
                keys.stream().filter(key -> !states.containsKey(key)).distinct().toList();
        if (!absent.isEmpty()) {
            throw new NotLoaded(absent);
        }
    }

    @Override
    public String toString() {
        return "the preparation of the command " + work.request.id() + ", "
                + work.original().getClass().getSimpleName() + " of " + work.keys;
    }
}
