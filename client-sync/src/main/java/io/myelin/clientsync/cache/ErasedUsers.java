package io.myelin.clientsync.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.AccountFact.AccountDeactivated;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * Which users of this server are erased. account-server is asked when a user is first looked up; after that its log
 * tells. An erased user stays erased.
 */
public final class ErasedUsers implements Predicate<UserId> {
    private static final int MOST = 100_000;

    /** How many users one question is about. */
    private static final int AT_ONCE = 1_000;

    private final AccountQueries accounts;
    private final ServerName server;
    private final Cache<UserId, Boolean> known =
            Caffeine.newBuilder().maximumSize(MOST).build();
    private final AtomicLong resets = new AtomicLong();

    public ErasedUsers(AccountQueries accounts, ServerName server) {
        this.accounts = accounts;
        this.server = server;
    }

    void apply(AccountFact fact) {
        if (fact instanceof AccountDeactivated(UserId user, boolean erased) && erased) {
            known.put(user, true);
        }
    }

    /** Forgets all answers, because facts of the log may have been missed. */
    void reset() {
        resets.incrementAndGet();
        known.invalidateAll();
    }

    /** Asks about these users together, because {@link #test} will be called for each of them. */
    public void expect(Collection<UserId> users) {
        List<UserId> unknown = users.stream()
                .filter(user -> user.isOn(server) && known.getIfPresent(user) == null)
                .distinct()
                .toList();
        for (int from = 0; from < unknown.size(); from += AT_ONCE) {
            ask(unknown.subList(from, Math.min(unknown.size(), from + AT_ONCE)));
        }
    }

    @Override
    public boolean test(UserId user) {
        if (!user.isOn(server)) {
            return false;
        }
        Boolean before = known.getIfPresent(user);
        return before == null ? ask(List.of(user)).contains(user) : before;
    }

    /** Asks account-server; what the log has told meanwhile is newer than the answer. */
    private Set<UserId> ask(List<UserId> users) {
        long reset = resets.get();
        Set<UserId> erased = new HashSet<>(accounts.erased(users));
        for (UserId user : users) {
            if (Boolean.TRUE.equals(known.asMap().merge(user, erased.contains(user), Boolean::logicalOr))) {
                erased.add(user);
            }
        }
        if (resets.get() != reset) {
            known.invalidateAll(users);
        }
        return erased;
    }
}
