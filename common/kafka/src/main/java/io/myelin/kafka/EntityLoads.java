package io.myelin.kafka;

import io.myelin.engine.StoreUnavailable;
import io.myelin.engine.shard.Preparation;
import io.myelin.engine.shard.ShardRuntime;
import io.myelin.engine.shard.ShardStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads entities and prepares heavy commands for a server's decisions, on threads of its own. The outcomes come back
 * through the mailbox.
 */
final class EntityLoads<S> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EntityLoads.class);

    /** How many heavy commands are prepared at once: half of the processors stay free for other work. */
    private static final int PREPARERS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    /** Entities that are loaded together. */
    private record Together(int shard, long epoch, String kind) {}

    private final String service;
    private final ShardStore<S, ?> store;
    private final Mailbox mailbox;
    private final Supplier<ShardRuntime<S, ?, ?>> runtime;
    private final LoadThreads loaders;
    private final ExecutorService preparers;
    private final Map<Together, List<String>> loads = new LinkedHashMap<>();

    EntityLoads(
            String service,
            ShardStore<S, ?> store,
            Mailbox mailbox,
            ExecutorService workers,
            Supplier<ShardRuntime<S, ?, ?>> runtime) {
        this.service = service;
        this.store = store;
        this.mailbox = mailbox;
        this.runtime = runtime;
        loaders = new LoadThreads(service, workers);
        preparers = Executors.newFixedThreadPool(
                PREPARERS,
                Thread.ofPlatform().daemon().name(service + "-preparer-", 1).factory());
    }

    /**
     * Loads an entity soon. Entities of one kind that are requested together, as by a command that names many, are
     * loaded together.
     */
    void load(int shard, long epoch, String key) {
        if (loads.isEmpty()) {
            mailbox.put(this::loadAll);
        }
        loads.computeIfAbsent(new Together(shard, epoch, store.kind(key)), _ -> new ArrayList<>())
                .add(key);
    }

    private void loadAll() {
        loads.forEach((together, keys) -> loaders.execute(store.computes(together.kind()), () -> load(together, keys)));
        loads.clear();
    }

    private void load(Together together, List<String> keys) {
        try {
            Map<String, S> states = store.load(together.shard(), keys);
            mailbox.put(() -> states.forEach(
                    (key, state) -> runtime.get().loaded(together.shard(), together.epoch(), key, state, now())));
        } catch (StoreUnavailable e) {
            LOG.warn("{} could not be loaded: {}", keys, e.toString());
            loadFailed(together, keys, e.isLasting());
        } catch (RuntimeException | StackOverflowError bug) {
            LOG.error("{} cannot be loaded", keys, bug);
            loadFailed(together, keys, true);
        }
    }

    /** Loads the entities one by one if the failure is lasting, so that one bad entity does not fail the others. */
    private void loadFailed(Together together, List<String> keys, boolean lasting) {
        if (lasting && keys.size() > 1) {
            keys.forEach(key -> load(together, List.of(key)));
        } else {
            mailbox.put(() -> keys.forEach(
                    key -> runtime.get().loadFailed(together.shard(), together.epoch(), key, lasting, now())));
        }
    }

    /** Runs on a platform thread: a preparation computes, and on a virtual thread it would keep others from running. */
    void prepare(int shard, long epoch, Preparation<?, ?> preparation) {
        preparers.execute(() -> {
            try (Watchdog.Watched watched = Watchdog.ofThisProcess().watch("A preparer of " + service, null)) {
                watched.begin(preparation);
                preparation.run();
            }
            mailbox.put(() -> runtime.get().prepared(shard, epoch, preparation));
        });
    }

    private static long now() {
        return System.currentTimeMillis();
    }

    @Override
    public void close() {
        preparers.shutdownNow();
        loaders.close();
    }
}
