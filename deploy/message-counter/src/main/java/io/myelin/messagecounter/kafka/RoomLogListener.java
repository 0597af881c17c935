package io.myelin.messagecounter.kafka;

import io.myelin.contracts.room.RoomFact;
import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.kafka.TailSubscriber;
import io.myelin.messagecounter.MessageCount;

/** Passes every event on to the count. */
public final class RoomLogListener implements TailSubscriber<RoomFact> {
    private final MessageCount count;

    public RoomLogListener(MessageCount count) {
        this.count = count;
    }

    @Override
    public void apply(int shard, Numbered<RoomFact> fact) {
        if (fact.fact() instanceof RoomFact.RoomEvent event) {
            count.add(event.type());
        }
    }

    /** The count continues; events that were missed are not counted. */
    @Override
    public void reset(int shard, Committed position) {}
}
