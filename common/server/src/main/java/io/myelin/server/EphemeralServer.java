package io.myelin.server;

import io.myelin.contracts.EphemeralQueries;
import io.myelin.contracts.Unavailable;
import io.myelin.engine.ephemeral.ShardValues;
import io.myelin.kafka.EphemeralService;
import io.myelin.kafka.EphemeralServiceSpec;
import io.myelin.kafka.KafkaSettings;
import io.myelin.kafka.OwnerLoop;
import io.myelin.kafka.TopicWatch;
import io.myelin.postgres.PostgresEphemeralStore;
import io.myelin.postgres.ServiceDatabase;
import io.myelin.postgres.ShardSetup;
import io.myelin.postgres.StoredStates;
import org.jspecify.annotations.Nullable;

/**
 * An ephemeral server's shards in this process. As {@link EphemeralQueries} it answers from memory, and only for the
 * shards that it owns.
 */
public final class EphemeralServer<I, S, V> extends ShardOwner implements EphemeralQueries<V> {

    private final PostgresEphemeralStore<S> store;
    private final EphemeralService<I, S, V> service;

    /**
     * Owns nothing before {@link #start}.
     *
     * @param database whose schema is named like the service; closed with this
     * @param address at which other processes reach this one
     */
    public EphemeralServer(
            EphemeralServiceSpec<I, S, V> spec,
            StoredStates<S> states,
            ServiceDatabase database,
            String address,
            KafkaSettings kafka,
            TopicWatch watch) {
        super(
                spec.name(),
                spec.shards(),
                database,
                address,
                (schema, count) -> ShardSetup.prepare(schema, count, states));
        store = new PostgresEphemeralStore<>(database, states, lease()::id);
        service = new EphemeralService<>(spec, store, lease()::holds, kafka, watch);
    }

    /** {@inheritDoc} Over HTTP, a process that is not the owner answers with the owner's address instead. */
    @Override
    public ShardValues<V> values(int shard) {
        return service.values(shard).orElseThrow(() -> notOwned(shard));
    }

    /**
     * The value of one key of a shard.
     *
     * @throws Unavailable if the shard is not owned here
     */
    public ShardValues<V> values(int shard, String key) {
        return service.values(shard, key).orElseThrow(() -> notOwned(shard));
    }

    private Unavailable notOwned(int shard) {
        return new Unavailable("Shard " + shard + " of " + component() + " is not owned here");
    }

    @Override
    OwnerLoop loop() {
        return service.loop();
    }

    @Override
    void closeStore() {
        store.close();
    }

    @Override
    @Nullable
    String unowned() {
        return loop().allOwned() ? null : "not every shard of " + component() + " has an owner";
    }
}
