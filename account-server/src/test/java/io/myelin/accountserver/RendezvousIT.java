package io.myelin.accountserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Places where two devices meet, one of which has no session yet. */
@ExtendWith(SharedServer.class)
class RendezvousIT {
    private static final String JSON = "/_matrix/client/unstable/io.element.msc4388/rendezvous";
    private static final String TEXT = "/_matrix/client/unstable/org.matrix.msc4108/rendezvous";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Accounts accounts;

    RendezvousIT(Accounts accounts) {
        this.accounts = accounts;
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers) {
        URI address = URI.create("http://localhost:" + accounts.server().port() + path);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address).method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonObject json(HttpResponse<String> answer) {
        return JsonParser.parseObject(answer.body().getBytes(StandardCharsets.UTF_8), JsonRules.LENIENT);
    }

    @Test
    void isWrittenByWhoHasSeenItsState() {
        MatrixClient nobody = accounts.nobody();
        assertThat(nobody.get(JSON).text()).isEqualTo("{\"create_available\":false}");
        JsonObject opened = nobody.post(JSON, "{\"data\":\"one\"}").ok();
        String path = JSON + "/" + opened.string("id").orElseThrow();
        String first = opened.string("sequence_token").orElseThrow();
        assertThat(opened.integer("expires_in_ms").orElseThrow()).isBetween(1L, 120_000L);
        assertThat(nobody.get(path).field("data")).isEqualTo("one");
        String put = "{\"sequence_token\":\"%s\",\"data\":\"%s\"}";
        String second = nobody.put(path, put.formatted(first, "two")).field("sequence_token");
        assertThat(nobody.put(path, put.formatted(first, "two")).field("sequence_token"))
                .as("a repetition")
                .isEqualTo(second);
        nobody.put(path, put.formatted(first, "three")).isRefused(409, "IO_ELEMENT_MSC4388_CONCURRENT_WRITE");
        assertThat(nobody.get(path).field("sequence_token")).isEqualTo(second);
        assertThat(send("GET", path, "", "Sec-Fetch-Mode", "navigate").statusCode())
                .isEqualTo(403);
        assertThat(send("GET", path, "", "Sec-Fetch-Dest", "document").statusCode())
                .isEqualTo(403);
        assertThat(send("GET", path, "", "Sec-Fetch-Dest", "empty").statusCode())
                .isEqualTo(200);
        nobody.get(path.replace("msc4388", "msc4388x")).isRefused(404, "M_UNRECOGNIZED");
        assertThat(send("GET", path.replace(JSON, TEXT), "").statusCode())
                .as("of the other protocol")
                .isEqualTo(404);
        accounts.server().restart();
        MatrixClient again = nobody.on(accounts.server().port());
        assertThat(again.get(path).field("data")).isEqualTo("two");
        again.delete(path).ok();
        again.get(path).isRefused(404, "M_NOT_FOUND");
        again.delete(path).isRefused(404, "M_NOT_FOUND");
    }

    @Test
    void refusesWhatIsNoText() {
        MatrixClient nobody = accounts.nobody();
        nobody.post(JSON, "{}").isRefused(400, "M_MISSING_PARAM");
        nobody.post(JSON, "{\"data\":5}").isRefused(400, "M_INVALID_PARAM");
        nobody.post(JSON, "{\"data\":\"\\u0000\"}").isRefused(400, "M_INVALID_PARAM");
        nobody.post(JSON, "{\"data\":\"" + "x".repeat(5_000) + "\"}").isRefused(413, "M_TOO_LARGE");
        assertThat(send("POST", TEXT, "x".repeat(5_000), "Content-Type", "text/plain")
                        .statusCode())
                .isEqualTo(413);
        assertThat(send("POST", TEXT, "{}", "Content-Type", "application/json").statusCode())
                .isEqualTo(400);
        assertThat(send("POST", TEXT, "{}", "Content-Type", "/").statusCode()).isEqualTo(400);
    }

    @Test
    void hasTheETagOfItsState() {
        HttpResponse<String> opened = send("POST", TEXT, "one", "Content-Type", "text/plain");
        assertThat(opened.statusCode()).isEqualTo(201);
        String url = json(opened).string("url").orElseThrow();
        assertThat(url).startsWith("http://localhost:8008" + TEXT + "/");
        String path = URI.create(url).getPath();
        String first = opened.headers().firstValue("ETag").orElseThrow();
        assertThat(opened.headers().firstValue("Access-Control-Expose-Headers")).hasValue("ETag");
        assertThat(opened.headers().firstValue("Cache-Control")).hasValue("no-store, no-transform");
        HttpResponse<String> read = send("GET", path, "");
        assertThat(read.body()).isEqualTo("one");
        assertThat(read.headers().firstValue("ETag")).hasValue(first);
        assertThat(send("GET", path, "", "If-None-Match", first).statusCode()).isEqualTo(304);
        String[] text = {"Content-Type", "text/plain"};
        assertThat(send("PUT", path, "two", text).statusCode()).isEqualTo(400);
        HttpResponse<String> put = send("PUT", path, "two", "Content-Type", "text/plain", "If-Match", first);
        assertThat(put.statusCode()).isEqualTo(202);
        assertThat(put.headers().firstValue("ETag").orElseThrow()).isNotEqualTo(first);
        assertThat(send("GET", path, "", "If-None-Match", first).body()).isEqualTo("two");
        HttpResponse<String> late = send("PUT", path, "three", "Content-Type", "text/plain", "If-Match", first);
        assertThat(late.statusCode()).isEqualTo(412);
        assertThat(json(late).string("org.matrix.msc4108.errcode")).contains("M_CONCURRENT_WRITE");
        assertThat(send("DELETE", path, "").statusCode()).isEqualTo(204);
        assertThat(send("GET", path, "").statusCode()).isEqualTo(404);
    }
}
