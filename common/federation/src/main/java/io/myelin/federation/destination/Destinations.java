package io.myelin.federation.destination;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import io.myelin.federation.discovery.ServerDiscovery;
import io.myelin.matrix.id.ServerName;
import io.myelin.outbound.HttpAnswer;
import io.myelin.outbound.OutboundHttp;
import io.myelin.outbound.OutboundRequest;
import io.myelin.outbound.Route;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Function;

/**
 * Makes requests to other servers. A server that keeps failing gets no requests for a time that doubles. At most a few
 * dozen requests are under way to one server, and a limited number to all servers together; further requests fail at once
 * instead of waiting.
 */
public final class Destinations {
    private static final int CALLS_AT_ONCE = 32;
    private static final int WINDOW = 10;
    private static final int MIN_CALLS = 4;
    private static final float FAILURE_PERCENT = 75;
    private static final Duration FORGOTTEN_AFTER = Duration.ofHours(6);
    private static final int MAX_REMEMBERED = 20_000;
    private static final int BAD_GATEWAY = 502;
    private static final int GATEWAY_TIMEOUT = 504;

    private final ServerDiscovery discovery;
    private final OutboundHttp http;
    private final LoadingCache<ServerName, Protection> guards;
    private final Bulkhead all;

    private record Protection(CircuitBreaker breaker, Bulkhead bulkhead) {
        <T> Callable<T> around(Callable<T> call) {
            return Bulkhead.decorateCallable(bulkhead, CircuitBreaker.decorateCallable(breaker, call));
        }
    }

    /**
     * @param callsAtOnce how many requests to all servers may be under way together
     * @param firstPause how long a server that fails is left alone at first
     * @param longestPause how long it is left alone at most
     */
    public Destinations(
            ServerDiscovery discovery, OutboundHttp http, int callsAtOnce, Duration firstPause, Duration longestPause) {
        this.discovery = discovery;
        this.http = http;
        var breakers = CircuitBreakerConfig.custom()
                .slidingWindowSize(WINDOW)
                .minimumNumberOfCalls(MIN_CALLS)
                .failureRateThreshold(FAILURE_PERCENT)
                .permittedNumberOfCallsInHalfOpenState(1)
                .waitIntervalFunctionInOpenState(
                        IntervalFunction.ofExponentialRandomBackoff(firstPause, 2.0, longestPause))
                .recordException(IOException.class::isInstance)
                .recordResult(Destinations::isFailure)
                .writableStackTraceEnabled(false)
                .build();
        var bulkheads = atOnce(CALLS_AT_ONCE);
        all = Bulkhead.of("all servers", atOnce(callsAtOnce));
        guards = Caffeine.newBuilder()
                .expireAfterAccess(FORGOTTEN_AFTER)
                .maximumSize(MAX_REMEMBERED)
                .build(server -> new Protection(
                        CircuitBreaker.of(server.value(), breakers), Bulkhead.of(server.value(), bulkheads)));
    }

    private static BulkheadConfig atOnce(int calls) {
        return BulkheadConfig.custom()
                .maxConcurrentCalls(calls)
                .maxWaitDuration(Duration.ZERO)
                .writableStackTraceEnabled(false)
                .build();
    }

    /** These are the answers of a reverse proxy whose server is down. */
    private static boolean isFailure(Object result) {
        return result instanceof HttpAnswer answer
                && answer.status() >= BAD_GATEWAY
                && answer.status() <= GATEWAY_TIMEOUT;
    }

    /**
     * Makes an unsigned request and waits for the answer, whatever its status.
     *
     * @param target path and query
     * @param maxBytes of the answer's body
     * @throws DestinationUnavailable if there is no answer
     */
    public HttpAnswer get(ServerName destination, String target, int maxBytes) {
        return call(destination, route -> OutboundRequest.get(route, target, maxBytes));
    }

    /**
     * Makes a signed POST request and waits for the answer, whatever its status.
     *
     * @param target path and query
     * @param body JSON
     * @param authorization the {@link io.myelin.federation.authentication.XMatrix} header with the signature
     * @param maxBytes of the answer's body
     * @throws DestinationUnavailable if there is no answer
     */
    public HttpAnswer post(ServerName destination, String target, byte[] body, String authorization, int maxBytes) {
        return call(
                destination,
                route -> OutboundRequest.post(route, target, OutboundRequest.Body.json(body), maxBytes)
                        .with("Authorization", authorization));
    }

    private HttpAnswer call(ServerName destination, Function<Route, OutboundRequest> request) {
        Callable<HttpAnswer> call = () -> http.send(request.apply(discovery.route(destination)));
        try {
            return Bulkhead.decorateCallable(all, guards.get(destination).around(call))
                    .call();
        } catch (IOException | CallNotPermittedException | BulkheadFullException e) {
            throw new DestinationUnavailable(destination, e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("Only I/O is checked here", e);
        }
    }
}
