package io.myelin.web.session;

import io.myelin.contracts.Partitions;
import io.myelin.contracts.Unavailable;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.contracts.account.Session;
import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.MatrixException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Finds the session of an access token. A cached session is used only if a barrier on its user's shard succeeded within
 * the last second; otherwise account-server is asked. Follows {@code account.output} by {@link #apply} and {@link
 * #reset}.
 */
public final class Authenticator {
    private static final long MAX_SESSIONS = 200_000;
    private static final long BARRIER_MILLIS = 2_000;

    private final ServerName server;
    private final AccountQueries accounts;
    private final ShardTrust[] shards;
    private final SessionCache cache = new SessionCache(MAX_SESSIONS);

    /** @param barrier of the tail that feeds this authenticator */
    public Authenticator(ServerName server, int shards, AccountQueries accounts, ShardBarrier barrier) {
        this(server, shards, accounts, barrier, System::nanoTime);
    }

    Authenticator(ServerName server, int shards, AccountQueries accounts, ShardBarrier barrier, LongSupplier nanoTime) {
        this.server = server;
        this.accounts = accounts;
        this.shards = IntStream.range(0, shards)
                .mapToObj(shard -> new ShardTrust(() -> barrier.barrier(shard), nanoTime))
                .toArray(ShardTrust[]::new);
    }

    /**
     * @throws MatrixException with {@code M_UNKNOWN_TOKEN} if the token has no session, or has expired
     * @throws Unavailable if account-server does not answer now
     */
    public Session authenticate(String text) {
        Session session = find(text);
        if (session.isOver(System.currentTimeMillis())) {
            throw unknown("The access token has expired.", true);
        }
        return session;
    }

    private Session find(String text) {
        AccessToken token = AccessToken.parse(text, server).orElseThrow(Authenticator::unknown);
        byte[] hash = token.hash();
        TokenHash key = TokenHash.of(hash);
        Session cached = cache.get(token.user(), key);
        if (cached != null && isCurrent(token)) {
            // The barrier may have applied the fact that ended the session.
            Session still = cache.get(token.user(), key);
            if (still != null) {
                return still;
            }
        }
        long mark = cache.mark(token.user());
        Session session = accounts.session(token.user(), hash).orElseThrow(Authenticator::unknown);
        cache.put(mark, key, session);
        return session;
    }

    /** A fact of {@code account.output}, in order. */
    public void apply(int shard, Numbered<AccountFact> fact) {
        cache.apply(fact.fact());
    }

    /** The tail continues from another position. Facts in between are missing, so the cache is emptied. */
    public void reset(int shard, Committed position) {
        cache.clear();
    }

    private boolean isCurrent(AccessToken token) {
        var trust = shards[Partitions.of(token.user().value(), shards.length)].await();
        if (trust.isDone() && !trust.isCompletedExceptionally()) {
            return true;
        }
        try {
            trust.get(BARRIER_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("interrupted while waiting for a barrier", e);
        }
    }

    private static MatrixException unknown() {
        return unknown("The access token is not known, or its session has ended.", false);
    }

    /** @param mayBeRefreshed whether the session goes on with another token. Client-server API, "Soft logout" */
    private static MatrixException unknown(String error, boolean mayBeRefreshed) {
        return new MatrixException(
                401,
                JsonObject.builder()
                        .put("errcode", "M_UNKNOWN_TOKEN")
                        .put("error", error)
                        .put("soft_logout", mayBeRefreshed)
                        .build());
    }
}
