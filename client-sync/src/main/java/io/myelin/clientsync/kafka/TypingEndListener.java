package io.myelin.clientsync.kafka;

import io.myelin.clientsync.ephemeral.TypingEnds;
import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.kafka.TailSubscriber;

/**
 * Feeds the member events of {@code room.output} to {@link TypingEnds}: a user who is no longer in a room does not type
 * there.
 */
public final class TypingEndListener implements TailSubscriber<RoomFact> {
    private final TypingEnds ends;

    public TypingEndListener(TypingEnds ends) {
        this.ends = ends;
    }

    @Override
    public void apply(int shard, Numbered<RoomFact> fact) {
        if (fact.fact() instanceof RoomEvent event) {
            ends.event(event);
        }
    }

    /** Nothing is kept. A user whose leave was missed types until the timeout, and is shown to nobody. */
    @Override
    public void reset(int shard, Committed position) {}
}
