package io.myelin.apart;

import io.myelin.web.InternalSecret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;

/** Requests to the processes on this machine, with short timeouts. */
final class Http {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int OK = 200;
    /** Answered by nginx itself, see {@code deploy/gateway/nginx.conf}; a component has no such endpoint. */
    private static final String GATEWAY_HEALTH = "/_myelin/gateway/health";

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    private Http() {}

    /** Whether {@code GET /actuator/health/readiness} is answered 200 on the internal port. */
    static boolean isHealthy(int port) {
        return isOk(port, "/actuator/health/readiness");
    }

    /** Whether the gateway listens on this port, and not another program. */
    static boolean isGateway(int port) {
        return isOk(port, GATEWAY_HEALTH);
    }

    private static boolean isOk(int port, String path) {
        return answer(HttpRequest.newBuilder(address(port, path)).timeout(PATIENCE))
                .map(HttpResponse::statusCode)
                .filter(status -> status == OK)
                .isPresent();
    }

    /** The body of the answer, if its status is 200 and it proves the secret. */
    static Optional<String> get(int port, String path, InternalSecret secret) {
        var address = address(port, path);
        var proof = secret.prove("GET", address, new byte[0]);
        return answer(HttpRequest.newBuilder(address).timeout(PATIENCE).header(InternalSecret.REQUEST, proof.header()))
                .filter(answer -> answer.statusCode() == OK)
                .filter(answer -> secret.isAnswer(
                        proof,
                        OK,
                        null,
                        answer.body(),
                        answer.headers().firstValue(InternalSecret.ANSWER).orElse(null)))
                .map(answer -> new String(answer.body(), StandardCharsets.UTF_8));
    }

    private static URI address(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static Optional<HttpResponse<byte[]>> answer(HttpRequest.Builder request) {
        try {
            return Optional.of(CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
        } catch (IOException notThere) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** Whether a process listens on the port. */
    static boolean isOpen(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), (int)
                    PATIENCE.toMillis());
            return true;
        } catch (IOException nobody) {
            return false;
        }
    }
}
