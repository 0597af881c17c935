package io.myelin.clientsync.cache;

import io.myelin.contracts.account.AccountFact;
import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.engine.tail.TailCache;
import io.myelin.matrix.id.UserId;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What is cached of one account shard: its users' account data. */
public final class AccountShard extends CachedShard<AccountFact> {

    /** Account data at a position of its shard. */
    public record Cut(Committed position, AccountItems items) {}

    private final UserWakeups news;
    private final TailCache<UserId, AccountItems, AccountFact> users = values(AccountItems::with, AccountItems::weight);
    private final Set<UserId> cached = new HashSet<>();

    public AccountShard(UserWakeups news) {
        this.news = news;
    }

    @Override
    void fold(Numbered<AccountFact> fact) {
        if (fact.fact() instanceof AccountFact.AccountDataChanged changed) {
            users.apply(changed.user(), fact);
        }
    }

    @Override
    void announce(Numbered<AccountFact> fact) {
        if (fact.fact() instanceof AccountFact.AccountDataChanged changed) {
            news.of(changed.user());
        }
    }

    @Override
    void forgotten(Committed elsewhere) {
        cached.forEach(news::of);
        cached.clear();
    }

    boolean expect(UserId user) {
        return locked(() -> users.expect(user));
    }

    void loaded(UserId user, AccountItems items, Committed asOf) {
        locked(() -> {
            if (take(users, user, items, asOf)) {
                cached.add(user);
            }
        });
    }

    void forget(UserId user) {
        locked(() -> {
            users.forget(user);
            cached.remove(user);
        });
    }

    public Optional<Cut> cut(UserId user) {
        return locked(() -> users.get(user).map(items -> new Cut(position(), items)));
    }
}
