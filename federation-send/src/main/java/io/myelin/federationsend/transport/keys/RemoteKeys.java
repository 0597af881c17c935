package io.myelin.federationsend.transport.keys;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.myelin.federation.destination.DestinationUnavailable;
import io.myelin.matrix.crypto.VerifyKey;
import io.myelin.matrix.id.ServerName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Caches the keys of other servers for as long as they are valid. A server is asked if its cached keys do not suffice, by
 * one request at a time, and not again before a pause. So a client that names keys which do not exist cannot make us ask
 * for each of them.
 */
public final class RemoteKeys {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteKeys.class);
    private static final int BYTES_OF_AN_ENTRY = 500;
    private static final int BYTES_OF_A_KEY = 1000;
    private static final int MAX_DOUBLINGS = 6;

    private final KeySource source;
    private final InstantSource clock;
    private final Duration pause;
    private final Cache<ServerName, CachedKeys> known;
    private final Map<ServerName, CompletableFuture<CachedKeys>> underWay = new ConcurrentHashMap<>();

    /**
     * The cached knowledge about a server.
     *
     * @param keys that were fetched last, possibly no longer valid; null if none ever were
     * @param askAgain when the server may be asked again
     * @param failures in a row
     */
    private record CachedKeys(@Nullable ServerKeys keys, Instant askAgain, int failures) {
        int bytes() {
            return BYTES_OF_AN_ENTRY
                    + (keys == null
                            ? 0
                            : keys.text().length
                                    + BYTES_OF_A_KEY
                                            * (keys.current().size()
                                                    + keys.old().size()));
        }
    }

    /**
     * @param pause between two requests to one server; doubled with each failure in a row
     * @param maxBytes memory that all keys together may take
     */
    public RemoteKeys(KeySource source, InstantSource clock, Duration pause, long maxBytes) {
        this.source = source;
        this.clock = clock;
        this.pause = pause;
        this.known = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((ServerName _, CachedKeys entry) -> entry.bytes())
                .build();
    }

    /** The current key of {@code server} with this ID; empty if it has none, or cannot be asked. */
    public Optional<VerifyKey> current(ServerName server, String keyId) {
        return keys(server, keys -> keys.currentAt(clock.instant(), keyId).isPresent())
                .flatMap(keys -> keys.currentAt(clock.instant(), keyId));
    }

    /** Whether {@link #published} will ask the server. */
    boolean mustAsk(ServerName server, Instant wanted) {
        CachedKeys now = known.getIfPresent(server);
        return mustAsk(now, now != null && now.keys() != null && lastsUntil(now.keys(), wanted));
    }

    /** The keys of {@code server} that were fetched last; asks nobody. */
    Optional<ServerKeys> known(ServerName server) {
        return Optional.ofNullable(known.getIfPresent(server)).map(CachedKeys::keys);
    }

    private boolean mustAsk(@Nullable CachedKeys now, boolean good) {
        return now == null || (!good && !clock.instant().isBefore(now.askAgain()));
    }

    private static boolean lastsUntil(ServerKeys keys, Instant wanted) {
        return !keys.validUntil().isBefore(wanted);
    }

    /** The keys of {@code server} that were fetched last; asks the server if they are not valid until {@code wanted}. */
    public Optional<ServerKeys> published(ServerName server, Instant wanted) {
        return keys(server, keys -> lastsUntil(keys, wanted));
    }

    private Optional<ServerKeys> keys(ServerName server, Predicate<ServerKeys> suffices) {
        CachedKeys now = known.getIfPresent(server);
        boolean good = now != null && now.keys() != null && suffices.test(now.keys());
        CachedKeys answer = now == null || mustAsk(now, good) ? ask(server, now) : now;
        return Optional.ofNullable(answer.keys());
    }

    /** Asks the server. Callers that come meanwhile wait for the same answer. */
    private CachedKeys ask(ServerName server, @Nullable CachedKeys before) {
        var mine = new CompletableFuture<CachedKeys>();
        var others = underWay.putIfAbsent(server, mine);
        if (others != null) {
            return others.join();
        }
        try {
            CachedKeys now = known.getIfPresent(server);
            if (now == null || now.equals(before)) { // Otherwise another caller has asked in between.
                now = fetch(server, before);
                known.put(server, now);
            }
            mine.complete(now);
            return now;
        } finally {
            underWay.remove(server, mine);
            mine.cancel(false); // Releases the waiting callers if an error was thrown; otherwise it has no effect.
        }
    }

    private CachedKeys fetch(ServerName server, @Nullable CachedKeys before) {
        try {
            ServerKeys keys = source.fetch(server);
            return new CachedKeys(keys, clock.instant().plus(pause), 0);
        } catch (DestinationUnavailable | UnacceptableKeys e) {
            LOG.info("The keys of {} cannot be had: {}", server, e.getMessage());
            int failures = before == null ? 0 : before.failures();
            Duration longer = pause.multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS));
            return new CachedKeys(
                    before == null ? null : before.keys(), clock.instant().plus(longer), failures + 1);
        }
    }
}
