package io.myelin.federationsend.transport.keys;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.myelin.federationsend.transport.destination.DestinationUnavailable;
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
 * The keys of other servers, in memory for as long as they are valid. A server is asked when what is known of it does not
 * do, once at a time, and not again before a pause: whoever names keys that do not exist cannot make us ask for each.
 */
public final class RemoteKeys {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteKeys.class);
    private static final int BYTES_OF_AN_ENTRY = 500;
    private static final int BYTES_OF_A_KEY = 1000;
    private static final int MAX_DOUBLINGS = 6;

    private final KeySource source;
    private final InstantSource clock;
    private final Duration pause;
    private final Cache<ServerName, Known> known;
    private final Map<ServerName, CompletableFuture<Known>> underWay = new ConcurrentHashMap<>();

    /**
     * What is known of a server.
     *
     * @param keys the last that could be had, which may not be valid any more
     * @param askAgain not before this
     * @param failures in a row
     */
    private record Known(@Nullable ServerKeys keys, Instant askAgain, int failures) {
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
     * @param pause between two questions to one server; doubled with each failure in a row
     * @param maxBytes that all of them may take in memory
     */
    public RemoteKeys(KeySource source, InstantSource clock, Duration pause, long maxBytes) {
        this.source = source;
        this.clock = clock;
        this.pause = pause;
        this.known = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((ServerName _, Known entry) -> entry.bytes())
                .build();
    }

    /** The key with which {@code server} may sign now; empty if it has none of this identifier or cannot be asked. */
    public Optional<VerifyKey> current(ServerName server, String keyId) {
        return keys(server, keys -> keys.currentAt(clock.instant(), keyId).isPresent())
                .flatMap(keys -> keys.currentAt(clock.instant(), keyId));
    }

    /** Whether {@link #published} will ask the server. */
    boolean mustAsk(ServerName server, Instant wanted) {
        Known now = known.getIfPresent(server);
        return mustAsk(now, now != null && now.keys() != null && lastsUntil(now.keys(), wanted));
    }

    /** The last that could be had of {@code server}; asks nobody. */
    Optional<ServerKeys> known(ServerName server) {
        return Optional.ofNullable(known.getIfPresent(server)).map(Known::keys);
    }

    private boolean mustAsk(@Nullable Known now, boolean good) {
        return now == null || (!good && !clock.instant().isBefore(now.askAgain()));
    }

    private static boolean lastsUntil(ServerKeys keys, Instant wanted) {
        return !keys.validUntil().isBefore(wanted);
    }

    /** The last that could be had of {@code server}; asks it if that does not last until {@code wanted}. */
    public Optional<ServerKeys> published(ServerName server, Instant wanted) {
        return keys(server, keys -> lastsUntil(keys, wanted));
    }

    private Optional<ServerKeys> keys(ServerName server, Predicate<ServerKeys> suffices) {
        Known now = known.getIfPresent(server);
        boolean good = now != null && now.keys() != null && suffices.test(now.keys());
        Known answer = now == null || mustAsk(now, good) ? ask(server, now) : now;
        return Optional.ofNullable(answer.keys());
    }

    /** Those who want the same at the same time wait for the first of them. */
    private Known ask(ServerName server, @Nullable Known before) {
        var mine = new CompletableFuture<Known>();
        var others = underWay.putIfAbsent(server, mine);
        if (others != null) {
            return others.join();
        }
        try {
            Known now = known.getIfPresent(server);
            if (now == null || now.equals(before)) { // Else somebody was faster.
                now = fetch(server, before);
                known.put(server, now);
            }
            mine.complete(now);
            return now;
        } finally {
            underWay.remove(server, mine);
            mine.cancel(false); // Where an error left it open; no effect on what is complete.
        }
    }

    private Known fetch(ServerName server, @Nullable Known before) {
        try {
            ServerKeys keys = source.fetch(server);
            return new Known(keys, clock.instant().plus(pause), 0);
        } catch (DestinationUnavailable | UnacceptableKeys e) {
            LOG.info("The keys of {} cannot be had: {}", server, e.getMessage());
            int failures = before == null ? 0 : before.failures();
            Duration longer = pause.multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS));
            return new Known(
                    before == null ? null : before.keys(), clock.instant().plus(longer), failures + 1);
        }
    }
}
