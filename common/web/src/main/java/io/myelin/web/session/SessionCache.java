package io.myelin.web.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.DehydratedDeviceChanged;
import io.myelin.contracts.account.KeyBackupFact;
import io.myelin.contracts.account.KeyFact;
import io.myelin.contracts.account.RoomInherited;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.account.ToDeviceFact;
import io.myelin.matrix.id.UserId;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Sessions that account-server answered with, until a fact ends them. Bounded.
 *
 * <p>An answer that was read before a fact, but arrives after it, must not restore a session that the fact ended:
 * {@link #mark} is taken before the question, and {@link #put} keeps the answer only if no fact about the user came in
 * between.
 */
final class SessionCache {
    private static final int STRIPES = 4096;

    /** A user's sessions by token, immutable. */
    private final Cache<UserId, Map<TokenHash, Session>> sessions;

    private final AtomicLongArray facts = new AtomicLongArray(STRIPES);

    SessionCache(long maxSessions) {
        sessions = Caffeine.newBuilder()
                .maximumWeight(maxSessions)
                .weigher((UserId _, Map<TokenHash, Session> of) -> of.size())
                .build();
    }

    @Nullable
    Session get(UserId user, TokenHash token) {
        Map<TokenHash, Session> known = sessions.getIfPresent(user);
        return known == null ? null : known.get(token);
    }

    long mark(UserId user) {
        return facts.get(stripe(user));
    }

    void put(long mark, TokenHash token, Session session) {
        UserId user = session.user();
        sessions.asMap().compute(user, (_, known) -> {
            if (mark(user) != mark) {
                return known;
            }
            Map<TokenHash, Session> more = known == null ? new HashMap<>() : new HashMap<>(known);
            more.put(token, session);
            return Map.copyOf(more);
        });
    }

    void apply(AccountFact fact) {
        switch (fact) {
            case AccountFact.DeviceRemoved removed ->
                end(removed.user(), (_, session) -> removed.device().equals(session.device()));
            case AccountFact.DeviceChanged changed -> {
                TokenHash current = TokenHash.of(changed.tokenHash());
                end(
                        changed.user(),
                        (token, session) -> changed.device().equals(session.device()) && !token.equals(current));
            }
            case AccountFact.AccountDeactivated deactivated -> end(deactivated.user(), (_, _) -> true);
            case AccountFact.AccountRestricted restricted -> end(restricted.user(), (_, _) -> true);
            // A guest's sessions say that they are a guest's.
            case AccountFact.AccountRegistered registered -> end(registered.user(), (_, _) -> true);
            case AccountFact.PasswordChanged _,
                    AccountFact.ProfileChanged _,
                    AccountFact.AccountDataChanged _,
                    AccountFact.FilterCreated _,
                    ToDeviceFact _,
                    KeyBackupFact _,
                    DehydratedDeviceChanged _,
                    RoomInherited _,
                    KeyFact _,
                    AccountFact.Unknown _ -> {}
        }
    }

    void clear() {
        for (int i = 0; i < STRIPES; i++) {
            facts.incrementAndGet(i);
        }
        sessions.invalidateAll();
    }

    private void end(UserId user, BiPredicate<TokenHash, Session> ended) {
        facts.incrementAndGet(stripe(user));
        sessions.asMap().computeIfPresent(user, (_, known) -> {
            Map<TokenHash, Session> rest = new HashMap<>(known);
            rest.entrySet().removeIf(entry -> ended.test(entry.getKey(), entry.getValue()));
            return rest.isEmpty() ? null : Map.copyOf(rest);
        });
    }

    private static int stripe(UserId user) {
        int hash = Objects.hash(user.value());
        return (hash ^ hash >>> 16) & STRIPES - 1;
    }
}
