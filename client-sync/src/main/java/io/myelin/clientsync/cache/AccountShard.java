package io.myelin.clientsync.cache;

import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.ToDeviceFact;
import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.engine.tail.TailCache;
import io.myelin.matrix.id.UserId;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What is cached of one account shard: its users' account data, and which of their devices have to-device messages. */
public final class AccountShard extends CachedShard<AccountFact> {

    /** Account data and inboxes at a position of their shard. */
    public record Cut(Committed position, AccountItems items, Inboxes inboxes) {}

    private final UserWakeups news;
    private final TailCache<UserId, AccountItems, AccountFact> users = values(AccountItems::with, AccountItems::weight);
    private final TailCache<UserId, Inboxes, AccountFact> inboxes = values(Inboxes::with, Inboxes::weight);
    private final Set<UserId> cached = new HashSet<>();

    public AccountShard(UserWakeups news) {
        this.news = news;
    }

    @Override
    void fold(Numbered<AccountFact> fact) {
        if (fact.fact() instanceof AccountFact.AccountDataChanged changed) {
            users.apply(changed.user(), fact);
        } else if (fact.fact() instanceof ToDeviceFact toDevice) {
            inboxes.apply(Objects.requireNonNull(toDevice.user()), fact);
        } else if (fact.fact() instanceof AccountFact.DeviceRemoved removed) {
            inboxes.apply(removed.user(), fact);
        }
    }

    @Override
    void announce(Numbered<AccountFact> fact) {
        if (fact.fact() instanceof AccountFact.AccountDataChanged changed) {
            news.of(changed.user());
        } else if (fact.fact() instanceof ToDeviceFact.ToDeviceArrived(UserId user, String device)) {
            news.of(user, device);
        }
    }

    @Override
    void forgotten(Committed elsewhere) {
        cached.forEach(news::of);
        cached.clear();
    }

    boolean expect(UserId user) {
        return locked(() -> {
            inboxes.expect(user);
            return users.expect(user);
        });
    }

    void loaded(UserId user, AccountItems items, Inboxes filled, Committed asOf) {
        locked(() -> {
            take(inboxes, user, filled, asOf);
            if (take(users, user, items, asOf)) {
                cached.add(user);
            }
        });
    }

    void forget(UserId user) {
        locked(() -> {
            users.forget(user);
            inboxes.forget(user);
            cached.remove(user);
        });
    }

    public Optional<Cut> cut(UserId user) {
        return locked(() -> users.get(user)
                .flatMap(items -> inboxes.get(user).map(filled -> new Cut(position(), items, filled))));
    }
}
