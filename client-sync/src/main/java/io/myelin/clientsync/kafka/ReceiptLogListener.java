package io.myelin.clientsync.kafka;

import io.myelin.clientsync.cache.Dispatcher;
import io.myelin.contracts.receipt.ReceiptFact;
import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.kafka.TailSubscriber;

/** {@code receipt.output} into the caches. */
public final class ReceiptLogListener implements TailSubscriber<ReceiptFact> {
    private final Dispatcher dispatcher;

    public ReceiptLogListener(Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    @Override
    public void apply(int shard, Numbered<ReceiptFact> fact) {
        dispatcher.receiptFact(shard, fact);
    }

    @Override
    public void reset(int shard, Committed position) {
        dispatcher.receiptsReset(shard, position);
    }

    @Override
    public void reached(int shard, long seq) {
        dispatcher.receiptsReached(shard, seq);
    }
}
