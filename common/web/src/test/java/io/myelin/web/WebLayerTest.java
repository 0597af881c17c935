package io.myelin.web;

import static io.myelin.web.RunningWebLayer.ALICE;
import static io.myelin.web.RunningWebLayer.GUEST;
import static io.myelin.web.RunningWebLayer.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.web.RunningWebLayer.Answer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebLayerTest {
    @AutoClose
    private static final RunningWebLayer web = new RunningWebLayer();

    @ParameterizedTest
    @CsvSource({
        "!room:localhost, !room:localhost",
        "%21room%3Alocalhost, !room:localhost",
        "!a%2Fb:localhost, !a/b:localhost",
        "!a%2Fb%2F..%2Fc:localhost, !a/b/../c:localhost",
        "!per%25cent:localhost, !per%cent:localhost",
        "!semi%3Bcolon:localhost, !semi;colon:localhost",
        "!pl+us%20space:localhost, '!pl+us space:localhost'",
        "!%C3%A9:localhost, !é:localhost",
        "!back%5Cslash:localhost, '!back\\slash:localhost'",
    })
    void decodesIdentifiersInPathsOnce(String inPath, String id) {
        JsonObject answer = web.request(
                        "PUT", "/_matrix/client/v3/rooms/" + inPath + "/state/m.x%2Fy/%40bob%3A%2F", "{}")
                .ok();
        assertThat(answer.string("room")).contains(id);
        assertThat(answer.string("type")).contains("m.x/y");
        assertThat(answer.string("key")).contains("@bob:/");
    }

    @Test
    void refusesAnInvalidIdentifier() {
        web.request("PUT", "/_matrix/client/v3/rooms/room/state/a/b", "{}").isRefused(400, "M_INVALID_PARAM");
        web.request("PUT", "/_matrix/client/v3/rooms/!a:b:c:d/state/a/b", "{}").isRefused(400, "M_INVALID_PARAM");
        assertThat(web.request("PUT", "/_matrix/client/v3/rooms/!a%00:b/state/a/b", "{}")
                        .response()
                        .statusCode())
                .isEqualTo(400);
        web.request("GET", "/_matrix/client/v3/number?limit=%00", null).isRefused(400, "M_INVALID_PARAM");
        web.request("GET", "/_matrix/client/v3/number?limit=many", null).isRefused(400, "M_INVALID_PARAM");
        web.request("GET", "/_matrix/client/v3/number", null).isRefused(400, "M_MISSING_PARAM");
    }

    @Test
    void refusesBodiesThatAreNotWhatMatrixTakes() {
        String path = "/_matrix/client/v3/rooms/!a:b/state/a/b";
        web.request("PUT", path, "{").isRefused(400, "M_NOT_JSON");
        web.request("PUT", path, "").isRefused(400, "M_NOT_JSON");
        web.request("PUT", path, "hello").isRefused(400, "M_NOT_JSON");
        web.request("PUT", path, "{}{}").isRefused(400, "M_NOT_JSON");
        web.request("PUT", path, "[]").isRefused(400, "M_BAD_JSON");
        web.request("PUT", path, "{\"a\":1,\"a\":2}").isRefused(400, "M_BAD_JSON");
        web.request("PUT", path, "{\"a\":1.5}").isRefused(400, "M_BAD_JSON");
        web.request("PUT", path, "{\"a\":9007199254740992}").isRefused(400, "M_BAD_JSON");
        web.request("PUT", path, "{\"a\":\"" + "x".repeat(65_536) + "\"}").isRefused(413, "M_TOO_LARGE");
    }

    @Test
    void takesAnEmptyBodyAndAnyNumberWhereTheEndpointSaysSo() {
        assertThat(web.request("POST", "/_matrix/client/v3/optional", "").ok().get("body"))
                .isEqualTo(JsonObject.EMPTY);
        assertThat(web.request("POST", "/_matrix/client/v3/optional", "{\"order\":0.25}")
                        .text())
                .contains("0.25");
    }

    @Test
    void doesNotTakeABodyForAForm() {
        Answer answer = web.send(web.builder("/_matrix/client/v3/optional?q=a%2Bb+c")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("{\"q\":\"body\"}")));
        assertThat(answer.ok().string("q")).contains("a+b c");
        assertThat(answer.text()).contains("\"body\":{\"q\":\"body\"}");
    }

    @Test
    void findsTheSessionInHeaderOrQuery() {
        assertThat(web.send(web.builder("/_matrix/client/v3/whoami").header("Authorization", "Bearer " + ALICE))
                        .ok()
                        .string("user_id"))
                .contains("@alice:localhost");
        assertThat(web.request("GET", "/_matrix/client/v3/whoami?access_token=" + ALICE, null)
                        .ok()
                        .string("user_id"))
                .contains("@alice:localhost");
    }

    @Test
    void refusesRequestsWithoutAGoodToken() {
        web.request("GET", "/_matrix/client/v3/whoami", null).isRefused(401, "M_MISSING_TOKEN");
        web.request("GET", "/_matrix/client/v3/whoami?access_token=nonsense", null)
                .isRefused(401, "M_UNKNOWN_TOKEN");
        web.request("GET", "/_matrix/client/v3/whoami?access_token=" + token("alice", 9), null)
                .isRefused(401, "M_UNKNOWN_TOKEN");
        web.request("GET", "/_matrix/client/v3/anybody?access_token=nonsense", null)
                .isRefused(401, "M_UNKNOWN_TOKEN");
        assertThat(web.request("GET", "/_matrix/client/v3/anybody", null).text())
                .isEqualTo("{\"known\":false}");
        assertThat(web.request("GET", "/_matrix/client/v3/anybody?access_token=" + ALICE, null)
                        .text())
                .isEqualTo("{\"known\":true}");
    }

    @Test
    void keepsGuestsFromWhatIsNotForThem() {
        web.request("GET", "/_matrix/client/v3/members-only?access_token=" + GUEST, null)
                .isRefused(403, "M_GUEST_ACCESS_FORBIDDEN");
        web.request("GET", "/_matrix/client/v3/members-only?access_token=" + ALICE, null)
                .ok();
        web.request("GET", "/_matrix/client/v3/whoami?access_token=" + GUEST, null)
                .ok();
    }

    @Test
    void knowsNeitherOtherPathsNorOtherMethods() {
        web.request("GET", "/_matrix/client/v3/nothing", null).isRefused(404, "M_UNRECOGNIZED");
        web.request("GET", "/", null).isRefused(404, "M_UNRECOGNIZED");
        web.request("GET", "/error", null).isRefused(404, "M_UNRECOGNIZED");
        web.request("PUT", "/_matrix/client/v3/nothing", "{}").isRefused(404, "M_UNRECOGNIZED");
        web.request("DELETE", "/_matrix/client/v3/whoami", null).isRefused(405, "M_UNRECOGNIZED");
    }

    @Test
    void tellsNobodyWhatWentWrongInside() {
        Answer answer = web.request("GET", "/_matrix/client/v3/broken", null);
        answer.isRefused(500, "M_UNKNOWN");
        assertThat(answer.text()).doesNotContain("secret", "io.myelin", "Exception");
    }

    @Test
    void saysThatItCannotNowWhenAServiceIsOutOfReach() {
        web.request("GET", "/_matrix/client/v3/unavailable", null).isRefused(503, "M_UNKNOWN");
    }

    @Test
    void sendsALargeAnswerInParts() {
        for (boolean large : new boolean[] {false, true}) {
            HttpResponse<byte[]> response = web.request("GET", "/_matrix/client/v3/streamed?large=" + large, null)
                    .response();
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Length").isPresent())
                    .isEqualTo(!large);
            assertThat(JsonParser.parseObject(response.body())
                            .array("numbers")
                            .orElseThrow()
                            .size())
                    .isEqualTo(large ? 100_000 : 10);
        }
    }

    /** A small answer needs no turn. */
    @Test
    void refusesALargeAnswerWhoseTurnDoesNotCome() {
        web.request("GET", "/_matrix/client/v3/streamed?large=true&busy=true", null)
                .isRefused(429, "M_LIMIT_EXCEEDED");
        assertThat(web.request("GET", "/_matrix/client/v3/streamed?large=false&busy=true", null)
                        .response()
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void answersLaterWithAnyStatus() {
        assertThat(web.request("GET", "/_matrix/client/v3/later", null)
                        .response()
                        .statusCode())
                .isEqualTo(202);
    }

    @Test
    void letsWebClientsIn() {
        for (String method : new String[] {"OPTIONS", "GET", "PUT"}) {
            var headers = web.request(method, "/_matrix/client/v3/whoami", null)
                    .response()
                    .headers();
            assertThat(headers.firstValue("Access-Control-Allow-Origin")).contains("*");
            assertThat(headers.firstValue("Access-Control-Allow-Methods")).contains("GET, POST, PUT, DELETE, OPTIONS");
            assertThat(headers.firstValue("Access-Control-Allow-Headers"))
                    .contains("X-Requested-With, Content-Type, Authorization, If-Match, If-None-Match");
        }
        assertThat(web.request("OPTIONS", "/_matrix/client/v3/whoami", null)
                        .response()
                        .statusCode())
                .isEqualTo(204);
    }

    @Test
    void answersJsonWhateverIsAcceptable() {
        Answer answer =
                web.send(web.builder("/_matrix/client/v3/number?limit=3").header("Accept", "text/html"));
        assertThat(answer.ok().integer("limit")).hasValue(3);
        assertThat(answer.response().headers().firstValue("Content-Type")).contains("application/json");
    }
}
