package io.myelin.federation.discovery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.json.InvalidJson;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.outbound.Endpoint;
import io.myelin.outbound.HttpAnswer;
import io.myelin.outbound.OutboundHttp;
import io.myelin.outbound.Route;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds a host's delegation by {@code /.well-known/matrix/server}. Answers are cached as long as they say, errors for a
 * time that doubles with each error. Server-server API, "Server discovery".
 */
public final class WellKnown implements Delegation {
    static final Duration USUAL_LIFETIME = Duration.ofHours(24);
    static final Duration MAX_LIFETIME = Duration.ofHours(48);
    static final Duration MIN_LIFETIME = Duration.ofMinutes(5);
    private static final Duration MAX_ERROR_LIFETIME = Duration.ofHours(1);
    private static final String PATH = "/.well-known/matrix/server";
    private static final int HTTPS = 443;
    private static final int MAX_REDIRECTS = 5;
    private static final int MAX_BYTES = 50 << 10;
    private static final int MAX_DOUBLINGS = 10;
    private static final int MAX_REMEMBERED = 10_000;

    private final OutboundHttp http;
    private final InstantSource clock;
    private final Duration firstErrorLifetime;
    private final Cache<String, Known> known =
            Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).build();

    /** @param delegate null if there is none: the host answered with an error, or not at all */
    private record Known(@Nullable ServerName delegate, Instant until, int failures) {}

    /** @param firstErrorLifetime how long the first error of a host is cached */
    public WellKnown(OutboundHttp http, InstantSource clock, Duration firstErrorLifetime) {
        this.http = http;
        this.clock = clock;
        this.firstErrorLifetime = firstErrorLifetime;
    }

    @Override
    public Optional<ServerName> delegate(String host) {
        Known before = known.getIfPresent(host);
        if (before == null || !clock.instant().isBefore(before.until())) {
            before = ask(host, before == null ? 0 : before.failures());
            known.put(host, before);
        }
        return Optional.ofNullable(before.delegate());
    }

    private Known ask(String host, int failures) {
        try {
            HttpAnswer answer = follow(host);
            Optional<ServerName> delegate = JsonParser.parseObject(answer.body(), JsonRules.LENIENT)
                    .string("m.server")
                    .flatMap(ServerName::tryParse);
            if (answer.status() == 200 && delegate.isPresent()) {
                Instant now = clock.instant();
                return new Known(delegate.get(), now.plus(CacheLifetime.of(answer, now)), 0);
            }
        } catch (IOException | InvalidJson e) {
            // Any error means that there is no delegation.
        }
        Duration lifetime = firstErrorLifetime.multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS));
        Duration bounded = lifetime.compareTo(MAX_ERROR_LIFETIME) > 0 ? MAX_ERROR_LIFETIME : lifetime;
        return new Known(null, clock.instant().plus(bounded), failures + 1);
    }

    private HttpAnswer follow(String host) throws IOException {
        URI address = resolve(URI.create("https://" + host), PATH);
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            HttpAnswer answer = http.get(route(address), target(address), MAX_BYTES);
            Optional<String> location = answer.status() / 100 == 3 ? answer.header("location") : Optional.empty();
            if (location.isEmpty()) {
                return answer;
            }
            address = resolve(address, location.get());
        }
        throw new IOException("too many redirects");
    }

    private static URI resolve(URI address, String location) throws IOException {
        try {
            URI next = address.resolve(location);
            if ("https".equalsIgnoreCase(next.getScheme()) && next.getHost() != null) {
                return next;
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("what is no address", e);
        }
        throw new IOException("what is not HTTPS to a host");
    }

    private static Route route(URI address) throws IOException {
        int port = address.getPort() < 0 ? HTTPS : address.getPort();
        String hostHeader = address.getPort() < 0 ? address.getHost() : address.getHost() + ":" + port;
        try {
            return new Route(address.getHost(), hostHeader, List.of(new Endpoint(address.getHost(), port)));
        } catch (IllegalArgumentException e) {
            throw new IOException("no port", e);
        }
    }

    private static String target(URI address) {
        String path = address.getRawPath().isEmpty() ? "/" : address.getRawPath();
        return address.getRawQuery() == null ? path : path + "?" + address.getRawQuery();
    }
}
