package io.myelin.accountserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Devices that nobody uses, and that receive messages for their users. */
@ExtendWith(SharedServer.class)
class DehydratedDeviceIT {
    private static final String PATH = "/_matrix/client/unstable/org.matrix.msc3814.v1/dehydrated_device";

    private final Accounts accounts;
    private final User user;

    DehydratedDeviceIT(Accounts accounts) {
        this.accounts = accounts;
        this.user = accounts.register();
    }

    private String body(String device) {
        return """
            {"device_id": "%1$s", "initial_device_display_name": "asleep",
             "device_data": {"algorithm": "org.matrix.msc3814.v2", "device_pickle": "secret"},
             "device_keys": {"user_id": "%2$s", "device_id": "%1$s", "algorithms": ["m.olm.v1.curve25519-aes-sha2"],
                             "keys": {"ed25519:%1$s": "key"}, "signatures": {"%2$s": {"ed25519:%1$s": "sig"}},
                             "dehydrated": true},
             "one_time_keys": {"signed_curve25519:A": {"key": "one", "signatures": {}}}}\
            """.formatted(device, user.id());
    }

    @Test
    void receiveMessagesUntilTheyAreRemoved() {
        MatrixClient client = user.client();
        client.get(PATH).isRefused(404, "M_NOT_FOUND");
        client.delete(PATH).isRefused(404, "M_NOT_FOUND");
        assertThat(client.put(PATH, body("ASLEEP")).field("device_id")).isEqualTo("ASLEEP");
        assertThat(client.get(PATH).text())
                .isEqualTo("{\"device_id\":\"ASLEEP\",\"device_data\":{\"algorithm\":\"org.matrix.msc3814.v2\","
                        + "\"device_pickle\":\"secret\"}}");
        JsonObject queried = client.post("/keys/query", "{\"device_keys\":{\"" + user.id() + "\":[]}}")
                .ok();
        assertThat(queried.toString()).contains("\"dehydrated\":true", "\"ASLEEP\"");
        User sender = accounts.register();
        for (int i = 0; i < 3; i++) {
            sender.client()
                    .put(
                            "/sendToDevice/m.test/" + i,
                            "{\"messages\":{\"" + user.id() + "\":{\"ASLEEP\":{\"n\":" + i + "}}}}")
                    .ok();
        }
        client.put(PATH, body("ASLEEP")).ok(); // repeated: the messages stay
        String claim = "{\"one_time_keys\":{\"" + user.id() + "\":{\"ASLEEP\":\"signed_curve25519\"}}}";
        assertThat(sender.client().post("/keys/claim", claim).text()).contains("signed_curve25519:A");
        client.put(PATH, body("ASLEEP")).ok(); // nor does a claimed key come back
        assertThat(sender.client().post("/keys/claim", claim).text()).doesNotContain("signed_curve25519:A");
        String events = PATH + "/ASLEEP/events";
        JsonObject first = client.get(events + "?limit=2").ok();
        assertThat(first.array("events").orElseThrow().stream()).hasSize(2);
        String next = first.string("next_batch").orElseThrow();
        JsonObject rest = client.get(events + "?from=" + next).ok();
        assertThat(rest.array("events").orElseThrow().toString())
                .isEqualTo("[{\"content\":{\"n\":2},\"sender\":\"" + sender.id() + "\",\"type\":\"m.test\"}]");
        assertThat(rest.has("next_batch")).isFalse();
        assertThat(client.post(events, "{\"next_batch\":\"" + next + "\"}").ok().has("next_batch"))
                .isTrue();
        client.get(events + "?from=x").isRefused(400, "M_INVALID_PARAM");
        client.get(PATH + "/OTHER/events").isRefused(403, "M_FORBIDDEN");
        assertThat(client.delete(PATH).field("device_id")).isEqualTo("ASLEEP");
        client.get(events).isRefused(403, "M_FORBIDDEN");
        assertThat(client.get("/devices").text()).doesNotContain("ASLEEP");
    }

    /** A real device that takes the ID of a dehydrated one that is gone is no dehydrated device. */
    private void aRealDeviceTakesTheIdOf(MatrixClient client, String id) {
        client.post("/delete_devices", "{\"devices\":[\"" + id + "\"],\"auth\":" + user.auth() + "}")
                .ok();
        client.get(PATH).isRefused(404, "M_NOT_FOUND");
        accounts.nobody().post("/login", """
            {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": "%s"},
             "password": "secret", "device_id": "%s"}\
            """.formatted(user.name(), id)).ok();
        client.get(PATH).isRefused(404, "M_NOT_FOUND");
        client.put(PATH, body("FOUR")).ok();
        assertThat(client.get("/devices").text()).contains("\"" + id + "\"", "FOUR");
    }

    @Test
    void takeThePlaceOfTheOneBefore() {
        MatrixClient client = user.client();
        client.put(PATH, body("ONE")).ok();
        client.put(PATH, body("TWO")).ok();
        assertThat(client.get("/devices").text()).contains("TWO").doesNotContain("ONE");
        client.put(PATH, body("TWO")).ok();
        String own = client.get("/account/whoami").field("device_id");
        client.put(PATH, body(own)).isRefused(400, "M_INVALID_PARAM");
        assertThat(client.get(PATH).field("device_id")).isEqualTo("TWO");
        client.put(PATH, body("THREE").replace("\"asleep\"", "null")).ok();
        aRealDeviceTakesTheIdOf(client, "THREE");
        client.put(PATH, "{\"device_id\":\"X\",\"device_data\":{\"algorithm\":\"a\"}}")
                .isRefused(400, "M_MISSING_PARAM");
        client.put(PATH, body("X").replace("\"device_data\": {", "\"device_data\": [], \"x\": {"))
                .isRefused(400, "M_INVALID_PARAM");
    }
}
