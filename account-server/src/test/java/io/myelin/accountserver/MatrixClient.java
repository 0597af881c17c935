package io.myelin.accountserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.web.InternalSecret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A client of the client-server API that checks every answer. */
final class MatrixClient {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final int port;
    private final @Nullable String token;

    MatrixClient(int port, @Nullable String token) {
        this.port = port;
        this.token = token;
    }

    MatrixClient with(String accessToken) {
        return new MatrixClient(port, accessToken);
    }

    MatrixClient on(int otherPort) {
        return new MatrixClient(otherPort, token);
    }

    /** The body of an answer, with its status. */
    record Answer(int status, String text) {
        JsonObject ok() {
            assertThat(status).as(text).isEqualTo(200);
            return body();
        }

        JsonObject body() {
            return JsonParser.parseObject(text.getBytes(StandardCharsets.UTF_8), JsonRules.LENIENT);
        }

        String field(String name) {
            return ok().string(name).orElseThrow();
        }

        void isRefusedWith(int expected) {
            assertThat(status).as(text).isEqualTo(expected);
        }

        void isRefused(int expected, String errcode) {
            assertThat(status).as(text).isEqualTo(expected);
            assertThat(body().string("errcode")).as(text).contains(errcode);
        }
    }

    Answer get(String path) {
        return send("GET", path, null);
    }

    Answer put(String path, String body) {
        return send("PUT", path, body);
    }

    Answer post(String path, String body) {
        return send("POST", path, body);
    }

    /** A request as another process of the server makes it. */
    Answer postInternal(InternalSecret secret, String path, String body) {
        URI address = URI.create("http://localhost:" + port + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .header(
                        InternalSecret.REQUEST,
                        secret.prove("POST", address, body.getBytes(StandardCharsets.UTF_8))
                                .header())
                .POST(HttpRequest.BodyPublishers.ofString(body));
        return send(request);
    }

    /** Sends a form of a page; returns the status. */
    int postForm(String path, String form) {
        return send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/_matrix/client/v3" + path))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form)))
                .status();
    }

    Answer delete(String path) {
        return send("DELETE", path, null);
    }

    Answer send(String method, String path, @Nullable String body) {
        String target = path.startsWith("/_") || path.startsWith("/.") ? path : "/_matrix/client/v3" + path;
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + target))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return send(request);
    }

    private static Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
