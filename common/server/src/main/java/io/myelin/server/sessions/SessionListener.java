package io.myelin.server.sessions;

import io.myelin.contracts.account.AccountFact;
import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.kafka.TailSubscriber;
import io.myelin.web.session.Authenticator;

/** Tells an authenticator of the sessions that ended. */
final class SessionListener implements TailSubscriber<AccountFact> {
    private final Authenticator authenticator;

    SessionListener(Authenticator authenticator) {
        this.authenticator = authenticator;
    }

    @Override
    public void apply(int shard, Numbered<AccountFact> fact) {
        authenticator.apply(shard, fact);
    }

    @Override
    public void reset(int shard, Committed position) {
        authenticator.reset(shard, position);
    }
}
