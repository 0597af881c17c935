package io.myelin.clientsync.kafka;

import io.myelin.clientsync.cache.Dispatcher;
import io.myelin.contracts.account.AccountFact;
import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.kafka.TailSubscriber;

/** {@code account.output} into the caches. */
public final class AccountLogListener implements TailSubscriber<AccountFact> {
    private final Dispatcher dispatcher;

    public AccountLogListener(Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    @Override
    public void apply(int shard, Numbered<AccountFact> fact) {
        dispatcher.accountFact(shard, fact);
    }

    @Override
    public void reset(int shard, Committed position) {
        dispatcher.accountsReset(shard, position);
    }

    @Override
    public void reached(int shard, long seq) {
        dispatcher.accountsReached(shard, seq);
    }
}
