package io.myelin.roomserver.storage;

import io.myelin.roomserver.state.EventNumbers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The auth chains that other servers asked for last. A chain never changes, takes seconds to walk in a room of 100,000
 * members, and is likely to be asked for again. It takes some two bytes for each event.
 */
public final class AuthChainCache {

    /** How many events all chains together may have. */
    static final int MOST_EVENTS = 1_000_000;

    /** Names a chain by what it belongs to: a state by its name, or a single event by its number. */
    record Key(int shard, long room, boolean ofState, long number) {}

    private final Map<Key, EventNumbers> chains = new LinkedHashMap<>(16, 0.75f, true);
    private long size;

    synchronized Optional<EventNumbers> find(Key key) {
        return Optional.ofNullable(chains.get(key));
    }

    synchronized void keep(Key key, EventNumbers chain) {
        if (chain.size() > MOST_EVENTS || chains.containsKey(key)) {
            return;
        }
        chains.put(key, chain);
        size += weight(chain);
        var oldest = chains.values().iterator();
        while (size > MOST_EVENTS) {
            size -= weight(oldest.next());
            oldest.remove();
        }
    }

    /** Even an empty chain has a weight, since there may be many. */
    private static long weight(EventNumbers chain) {
        return 100 + chain.size();
    }
}
