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
 * Which users of this server were erased: asked of account-server when first wanted, and heard of from its log after that. Who
 * is erased stays so.
 */
public final class ErasedUsers implements Predicate<UserId> {
    private static final int MOST = 100_000;

    /** How many are asked for with one question. */
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

    /** What the log would have told is not known. */
    void reset() {
        resets.incrementAndGet();
        known.invalidateAll();
    }

    /** The next questions are about these. */
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

    /** What the log has told meanwhile is newer than the answer. */
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
