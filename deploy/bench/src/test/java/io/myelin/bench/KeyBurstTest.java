package io.myelin.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class KeyBurstTest {

    private static final Pattern TOKEN = Pattern.compile("Bearer (\\d+)");

    @Test
    void letsEveryUserUploadQueryAndClaim() throws Exception {
        var result = measure("{\"one_time_keys\":{\"@other:s\":{\"D\":{\"signed_curve25519:%s\":{}}}}}");
        assertThat(result.firstError()).isNull();
        assertThat(result.latencies().count()).isEqualTo(6);
        assertThat(result.further())
                .containsEntry("one_time_keys_claimed", 2)
                .containsKeys("upload_seconds", "query_seconds", "claim_seconds");
    }

    @Test
    void findsAKeyThatTwoWereGiven() throws Exception {
        var result = measure("{\"one_time_keys\":{\"@other:s\":{\"D\":{\"signed_curve25519:same\":{}}}}}");
        assertThat(result.firstError()).isEqualTo("a one-time key was given twice");
    }

    @Test
    void letsAFallbackKeyBeGivenToSeveral() throws Exception {
        var result =
                measure("{\"one_time_keys\":{\"@other:s\":{\"D\":{\"signed_curve25519:same\":{\"fallback\":true}}}}}");
        assertThat(result.firstError()).isNull();
        assertThat(result.further()).containsEntry("fallback_keys_claimed", 2);
    }

    /** @param claimed what the server answers to a claim; {@code %s} stands for the claimer's number */
    private static Result measure(String claimed) throws Exception {
        var registered = new AtomicInteger();
        try (var server = new ScriptedServer(0, head -> ScriptedServer.ok(answer(head, claimed, registered)))) {
            var options =
                    Options.parse("--url", server.endpoint().toString(), "--scenario", "key-burst", "--users", "2");
            var target = options.targets().getFirst();
            try (var stage = new ScenarioRun("key-burst", target, options)) {
                return KeyBurst.run(stage);
            }
        }
    }

    private static String answer(String head, String claimed, AtomicInteger registered) {
        var token = TOKEN.matcher(head);
        if (!token.find()) {
            var number = registered.getAndIncrement();
            return "{\"user_id\":\"@u%1$d:s\",\"device_id\":\"D\",\"access_token\":\"%1$d\"}".formatted(number);
        }
        if (head.contains("/keys/query")) {
            return "{\"device_keys\":{\"@other:s\":{\"D\":{}}}}";
        }
        return head.contains("/keys/claim") ? claimed.formatted(token.group(1)) : "{}";
    }
}
