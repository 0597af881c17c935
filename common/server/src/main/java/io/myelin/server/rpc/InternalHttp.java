package io.myelin.server.rpc;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.NotOffered;
import io.myelin.contracts.NotOwner;
import io.myelin.contracts.Unavailable;
import io.myelin.kafka.trace.TraceParent;
import io.myelin.kafka.trace.Traces;
import io.myelin.matrix.json.JsonParser;
import io.myelin.web.InternalSecret;
import io.myelin.web.MatrixException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests to internal listeners: HTTP/1.1 on persistent connections. Both sides prove that they know the server's
 * secret; an answer without a proof is ignored. A request belongs to the trace of the thread that makes it.
 */
final class InternalHttp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InternalHttp.class);
    private static final Duration CONNECT = Duration.ofMillis(200);

    private static final byte[] NO_BODY = {};

    private final InternalSecret secret;
    private final Traces traces;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    InternalHttp(String secret, Traces traces) {
        this.secret = new InternalSecret(secret);
        this.traces = traces;
    }

    /** Completes with the answer's body, or fails as {@link #post} does. */
    CompletableFuture<byte[]> postAsync(URI instance, String path, byte[] body, Duration timeout) {
        Asked asked = asked("POST", instance, path, body, timeout);
        return whole(asked.request(), timeout).thenApply(response -> result(instance, path, asked.proof(), response));
    }

    /**
     * @throws IOException if the instance did not answer in time, or not at all
     * @throws NotOwner if another instance has to be asked
     * @throws NotOffered if the instance has no such operation, because it is of an earlier release
     * @throws Unavailable if the instance cannot answer now
     * @throws MatrixException if the instance refuses; likewise {@link IllegalArgumentException}
     */
    byte[] post(URI instance, String path, byte[] body, Duration timeout) throws IOException {
        return send(instance, path, asked("POST", instance, path, body, timeout), timeout);
    }

    /** As {@link #post}, with the method GET and no body. */
    byte[] get(URI instance, String path, Duration timeout) throws IOException {
        return send(instance, path, asked("GET", instance, path, NO_BODY, timeout), timeout);
    }

    private record Asked(HttpRequest request, InternalSecret.Proof proof) {}

    private Asked asked(String method, URI instance, String path, byte[] body, Duration timeout) {
        URI address = URI.create(instance + path);
        InternalSecret.Proof proof = secret.prove(method, address, body);
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .timeout(timeout)
                .header(InternalSecret.REQUEST, proof.header())
                .header("Content-Type", "application/cbor")
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        TraceParent caller = traces.current();
        if (caller != null) {
            request.header(TraceParent.HEADER, caller.toString());
        }
        return new Asked(request.build(), proof);
    }

    /** The whole answer. The client's own time-out ends with its headers, so that a body might never end. */
    private CompletableFuture<HttpResponse<byte[]>> whole(HttpRequest request, Duration timeout) {
        CompletableFuture<HttpResponse<byte[]>> sent = client.sendAsync(request, BodyHandlers.ofByteArray());
        return sent.copy().orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS).exceptionallyCompose(failure -> {
            if (failure instanceof TimeoutException) {
                sent.cancel(true);
                return CompletableFuture.failedFuture(
                        new HttpTimeoutException(request.uri() + " has not answered in " + timeout.toMillis() + " ms"));
            }
            return CompletableFuture.failedFuture(failure);
        });
    }

    private byte[] send(URI instance, String path, Asked asked, Duration timeout) throws IOException {
        try {
            return result(
                    instance,
                    path,
                    asked.proof(),
                    whole(asked.request(), timeout).get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("Interrupted", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        }
    }

    private byte[] result(URI instance, String path, InternalSecret.Proof asked, HttpResponse<byte[]> response) {
        String owner = response.headers().firstValue(InternalSecret.OWNER).orElse(null);
        String proof = response.headers().firstValue(InternalSecret.ANSWER).orElse(null);
        if (!secret.isAnswer(asked, response.statusCode(), owner, response.body(), proof)) {
            LOG.warn(
                    "{}{} answered {} and does not prove that it knows the secret: another secret, another release, a clock"
                            + " that differs, or somebody else",
                    instance,
                    path,
                    response.statusCode());
            throw new Unavailable(instance + " does not prove that it knows the secret");
        }
        return switch (response.statusCode()) {
            case 200 -> response.body();
            case CallController.MISDIRECTED -> throw new NotOwner(Operation.ANY_SHARD, owner);
            case CallController.REFUSED -> throw refusal(Cbor.decode(response.body(), CallController.Refusal.class));
            case CallController.UNAVAILABLE ->
                throw new Unavailable(new String(response.body(), StandardCharsets.UTF_8));
            case CallController.NOT_OFFERED -> throw new NotOffered(path);
            default -> {
                LOG.warn("{}{} answered {}: another release, or a defect", instance, path, response.statusCode());
                throw new Unavailable(instance + " answered " + response.statusCode());
            }
        };
    }

    private static RuntimeException refusal(CallController.Refusal refusal) {
        return refusal.status() == 0
                ? new IllegalArgumentException(refusal.text())
                : new MatrixException(
                        refusal.status(), JsonParser.parseObject(refusal.text().getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
