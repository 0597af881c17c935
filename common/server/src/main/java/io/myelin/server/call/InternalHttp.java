package io.myelin.server.call;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.NotOwner;
import io.myelin.contracts.Unavailable;
import io.myelin.matrix.json.JsonParser;
import io.myelin.web.MatrixException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Requests to internal listeners: HTTP/1.1 on connections that are kept, with the server's secret. */
final class InternalHttp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InternalHttp.class);
    private static final Duration CONNECT = Duration.ofMillis(200);

    private final String authorization;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    InternalHttp(String secret) {
        authorization = "Bearer " + secret;
    }

    /** Completes with the answer's body, or fails as {@link #post} does. */
    CompletableFuture<byte[]> postAsync(URI instance, String path, byte[] body, Duration timeout) {
        return client.sendAsync(
                        request(instance, path, timeout)
                                .POST(BodyPublishers.ofByteArray(body))
                                .build(),
                        BodyHandlers.ofByteArray())
                .thenApply(response -> result(instance, path, response));
    }

    /**
     * @throws IOException if the instance did not answer in time, or not at all
     * @throws NotOwner if another instance has to be asked
     * @throws Unavailable if the instance cannot answer now
     * @throws MatrixException if it refuses; likewise {@link IllegalArgumentException}
     */
    byte[] post(URI instance, String path, byte[] body, Duration timeout) throws IOException {
        return send(instance, path, request(instance, path, timeout).POST(BodyPublishers.ofByteArray(body)));
    }

    /** Likewise, asking. */
    byte[] get(URI instance, String path, Duration timeout) throws IOException {
        return send(instance, path, request(instance, path, timeout).GET());
    }

    private HttpRequest.Builder request(URI instance, String path, Duration timeout) {
        return HttpRequest.newBuilder(URI.create(instance + path))
                .timeout(timeout)
                .header("Authorization", authorization)
                .header("Content-Type", "application/cbor");
    }

    private byte[] send(URI instance, String path, HttpRequest.Builder request) throws IOException {
        try {
            return result(instance, path, client.send(request.build(), BodyHandlers.ofByteArray()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("Interrupted", e);
        }
    }

    private static byte[] result(URI instance, String path, HttpResponse<byte[]> response) {
        return switch (response.statusCode()) {
            case 200 -> response.body();
            case CallController.MISDIRECTED ->
                throw new NotOwner(
                        Operation.ANY_SHARD,
                        response.headers().firstValue(CallController.OWNER).orElse(null));
            case CallController.REFUSED -> throw refusal(Cbor.decode(response.body(), CallController.Refusal.class));
            case CallController.UNAVAILABLE ->
                throw new Unavailable(new String(response.body(), StandardCharsets.UTF_8));
            default -> {
                LOG.warn(
                        "{}{} answered {}: another secret, another release, or a defect",
                        instance,
                        path,
                        response.statusCode());
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
