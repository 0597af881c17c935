package io.myelin.clientsync.cache;

import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.AccountQueries.DeviceListChange;
import io.myelin.contracts.account.AccountQueries.DeviceListChanges;
import io.myelin.contracts.account.KeyFact;
import io.myelin.contracts.account.ToDeviceFact;
import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.engine.tail.TailCache;
import io.myelin.matrix.id.UserId;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is cached of one account shard: its users' account data, and which of their devices have to-device messages. */
public final class AccountShard extends CachedShard<AccountFact> {

    /** Account data and inboxes at a position of their shard. */
    public record Cut(Committed position, AccountItems items, Inboxes inboxes) {}

    /** How many changes of device lists are kept of a shard. */
    static final int MOST_DEVICE_LISTS = 5_000;

    private final UserWakeups news;
    private final DeviceListIndex deviceLists = new DeviceListIndex(MOST_DEVICE_LISTS);

    /** Changes that one user sees alone. They have a place of their own, so that nobody can crowd out what all see. */
    private final DeviceListIndex ownChanges = new DeviceListIndex(MOST_DEVICE_LISTS);

    private final TailCache<UserId, AccountItems, AccountFact> users = values(AccountItems::with, AccountItems::weight);
    private final TailCache<UserId, Inboxes, AccountFact> inboxes = values(Inboxes::with, Inboxes::weight);
    private final Set<UserId> cached = new HashSet<>();

    public AccountShard(UserWakeups news) {
        this.news = news;
    }

    @Override
    void fold(Numbered<AccountFact> fact) {
        switch (fact.fact()) {
            case AccountFact.AccountDataChanged changed -> users.apply(changed.user(), fact);
            case KeyFact.KeyCountsChanged changed -> users.apply(changed.user(), fact);
            case ToDeviceFact toDevice -> inboxes.apply(Objects.requireNonNull(toDevice.user()), fact);
            case AccountFact.DeviceRemoved removed -> {
                users.apply(removed.user(), fact);
                inboxes.apply(removed.user(), fact);
            }
            case KeyFact.DeviceListChanged(UserId user) ->
                deviceLists.changed(new DeviceListChange(fact.seq(), null, user));
            case KeyFact.UserSigned(UserId user, UserId signed) ->
                ownChanges.changed(new DeviceListChange(fact.seq(), user, signed));
            default -> {
                // nothing that is cached here
            }
        }
    }

    /**
     * The changes of device lists after a number.
     *
     * @param position up to which these are all
     * @param after the number; 0 if the client's position is of another incarnation, so that all that ever were count
     * @param shared users whose devices have changed; null if not all are known
     * @param own users whose keys look different to the viewer alone; null if not all are known
     */
    record DeviceListCut(
            Committed position,
            long after,
            @Nullable List<UserId> shared,
            @Nullable List<UserId> own) {}

    DeviceListCut deviceLists(Committed since, UserId viewer) {
        return locked(() -> {
            long after = since.incarnation() == position().incarnation() ? since.seq() : 0;
            List<UserId> shared = deviceLists.isCompleteAfter(after)
                    ? deviceLists.after(after).stream()
                            .map(DeviceListChange::user)
                            .toList()
                    : null;
            List<UserId> own = ownChanges.isCompleteAfter(after)
                    ? ownChanges.after(after).stream()
                            .filter(change -> viewer.equals(change.viewer()))
                            .map(DeviceListChange::user)
                            .toList()
                    : null;
            return new DeviceListCut(position(), after, shared, own);
        });
    }

    /** Whether the owner's answer can tell all changes of device lists after a number. */
    boolean canLearn(long after) {
        return locked(() -> deviceLists.canKeepAllAfter(after));
    }

    /**
     * Takes what the owner has answered, unless it is of another incarnation, or older than what is known here.
     *
     * @param after the number that was asked for
     */
    void learn(DeviceListChanges answer, long after) {
        locked(() -> {
            if (answer.incarnation() == position().incarnation()) {
                deviceLists.add(
                        answer.changes().stream()
                                .filter(change -> change.viewer() == null)
                                .toList(),
                        after,
                        answer.from(),
                        answer.asOf());
            }
        });
    }

    @Override
    void announce(Numbered<AccountFact> fact) {
        if (fact.fact() instanceof AccountFact.AccountDataChanged changed) {
            news.of(changed.user());
        } else if (fact.fact() instanceof ToDeviceFact.ToDeviceArrived(UserId user, String device)) {
            news.of(user, device);
        } else if (fact.fact() instanceof KeyFact.UserSigned signed) {
            news.of(signed.user());
        }
    }

    @Override
    void forgotten(Committed elsewhere) {
        cached.forEach(news::of);
        cached.clear();
        deviceLists.reset(elsewhere.seq());
        ownChanges.reset(elsewhere.seq());
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
        return locked(() ->
                users.get(user).flatMap(items -> inboxes.get(user).map(filled -> new Cut(position(), items, filled))));
    }
}
