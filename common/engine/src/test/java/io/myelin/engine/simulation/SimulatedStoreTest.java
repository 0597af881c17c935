package io.myelin.engine.simulation;

import io.myelin.engine.shard.ShardStore;
import io.myelin.engine.shard.ShardStoreContract;

/** The simulation's database keeps the promises that the real one keeps. */
class SimulatedStoreTest extends ShardStoreContract<Counter, ToyFact> {
    private final SimulatedStore database = SimulatedShardStore.empty(SHARDS);
    private final SimulatedShardStore store = new SimulatedShardStore(database, 1);

    @Override
    protected ShardStore<Counter, ToyFact> store() {
        return store;
    }

    @Override
    protected ShardStore<Counter, ToyFact> another() {
        return new SimulatedShardStore(database, 2);
    }

    @Override
    protected ToyFact fact(String key, int value) {
        return new ToyFact(ToyCommand.Kind.MARK, key, value, 0);
    }

    @Override
    protected Counter state(int value) {
        return new Counter(0, 0, value);
    }

    @Override
    protected Counter untouched() {
        return Counter.NEW;
    }

    @Override
    protected String key(int shard, String name) {
        return shard + "/" + name;
    }
}
