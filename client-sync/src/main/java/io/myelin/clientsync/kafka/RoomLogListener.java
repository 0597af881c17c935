package io.myelin.clientsync.kafka;

import io.myelin.clientsync.cache.Dispatcher;
import io.myelin.contracts.room.RoomFact;
import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.kafka.TailSubscriber;

/** {@code room.output} into the caches. */
public final class RoomLogListener implements TailSubscriber<RoomFact> {
    private final Dispatcher dispatcher;

    public RoomLogListener(Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    @Override
    public void apply(int shard, Numbered<RoomFact> fact) {
        dispatcher.roomFact(shard, fact);
    }

    @Override
    public void reset(int shard, Committed position) {
        dispatcher.roomsReset(shard, position);
    }

    @Override
    public void reached(int shard, long seq) {
        dispatcher.roomsReached(shard, seq);
    }
}
