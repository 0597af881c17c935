package io.myelin.clientsync.cache;

import io.myelin.contracts.account.AccountFact;
import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.engine.tail.TailCache;
import io.myelin.matrix.id.UserId;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** What is cached of one account shard: its users' account data. Changes under one short lock with its position. */
public final class AccountShard {

    /** Account data at a position of its shard. */
    public record Cut(Committed position, AccountItems items) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final News news;
    private final TailCache<UserId, AccountItems, AccountFact> users =
            new TailCache<>(AccountItems::with, AccountItems::weight, RoomShard.MOST_KEPT_BYTES);
    private final Set<UserId> cached = new HashSet<>();
    private Committed position = new Committed(-1, 0);

    public AccountShard(News news) {
        this.news = news;
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    void apply(Numbered<AccountFact> fact) {
        locked(() -> {
            UserId user = fact.fact().user();
            boolean data = fact.fact() instanceof AccountFact.AccountDataChanged;
            if (data && user != null) {
                users.apply(user, fact);
            }
            moveTo(fact.seq());
            if (data && user != null) {
                news.of(user);
            }
            return position;
        });
    }

    void reached(long seq) {
        locked(() -> moveTo(seq));
    }

    private Committed moveTo(long seq) {
        position = new Committed(position.incarnation(), seq);
        users.reached(seq);
        return position;
    }

    void reset(Committed elsewhere) {
        locked(() -> {
            users.reset(elsewhere.seq());
            position = elsewhere;
            cached.forEach(news::of);
            cached.clear();
            return position;
        });
    }

    boolean expect(UserId user) {
        return locked(() -> users.expect(user));
    }

    void loaded(UserId user, AccountItems items, Committed asOf) {
        locked(() -> {
            if (asOf.incarnation() != position.incarnation()) {
                users.forget(user);
                return false;
            }
            users.loaded(user, items, asOf.seq());
            return cached.add(user);
        });
    }

    void forget(UserId user) {
        locked(() -> {
            users.forget(user);
            return cached.remove(user);
        });
    }

    public Committed position() {
        return locked(() -> position);
    }

    public Optional<Cut> cut(UserId user) {
        return locked(() -> users.get(user).map(items -> new Cut(position, items)));
    }
}
