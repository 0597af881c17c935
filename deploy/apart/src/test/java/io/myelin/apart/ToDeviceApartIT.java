package io.myelin.apart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * To-device messages with two account-servers and two client-syncs, which are killed by turns: each device gets each message
 * once, in the order of its sender, and nothing is left. {@code -Dmyelin.to-device.devices=1000
 * -Dmyelin.to-device.messages=100000} tries as many.
 */
class ToDeviceApartIT {
    private static final String V3 = "/_matrix/client/v3";
    private static final String SERVER = "account-server";
    private static final String READER = "client-sync";
    private static final int DEVICES = Integer.getInteger("myelin.to-device.devices", 24);
    private static final int MESSAGES = Integer.getInteger("myelin.to-device.messages", 2_400);
    private static final int DEVICES_OF_A_USER = 8;
    private static final int SENDERS = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // at the beginning of the test
    private ApartServer server;

    private final Map<String, List<String>> received = new ConcurrentHashMap<>();
    /** By access token, as the messages are. */
    private final Map<String, String> lastTokens = new ConcurrentHashMap<>();

    private final AtomicBoolean allSent = new AtomicBoolean();

    /** A device that syncs. */
    private record Device(String user, String id, String token) {}

    @Test
    void arriveOnceAndInOrderThoughProcessesAreKilled() throws Exception {
        assumeTrue(Gateway.nginx().isPresent(), Gateway.howToGetNginx());
        try (var started = ApartServer.start(directory, "--instances", SERVER + "=2," + READER + "=2")) {
            server = started;
            List<Device> devices = devices();
            List<String> firstTokens = new ArrayList<>();
            for (Device device : devices) {
                received.put(device.token(), new ArrayList<>());
                firstTokens.add(sync(device, "", 0).path("next_batch").asString());
            }
            int rounds = Math.max(1, MESSAGES / DEVICES / SENDERS);
            try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> senders = new ArrayList<>();
                for (int sender = 0; sender < SENDERS; sender++) {
                    String name = "sender" + sender;
                    String token = register(name).path("access_token").asString();
                    senders.add(executor.submit(() -> {
                        send(name, token, devices, rounds);
                        return null;
                    }));
                }
                List<Future<?>> readers = new ArrayList<>();
                for (int i = 0; i < devices.size(); i++) {
                    Device device = devices.get(i);
                    String first = firstTokens.get(i);
                    readers.add(executor.submit(() -> {
                        receive(device, first, rounds * SENDERS);
                        return null;
                    }));
                }
                Future<?> killer = executor.submit(() -> {
                    killByTurns();
                    return null;
                });
                for (Future<?> sender : senders) {
                    sender.get();
                }
                allSent.set(true);
                killer.get();
                for (Future<?> reader : readers) {
                    reader.get();
                }
            }
            for (Device device : devices) {
                List<String> its = Objects.requireNonNull(received.get(device.token()));
                for (int sender = 0; sender < SENDERS; sender++) {
                    String prefix = "sender" + sender + " ";
                    List<String> expected = new ArrayList<>();
                    for (int round = 0; round < rounds; round++) {
                        expected.add(prefix + round);
                    }
                    assertThat(its)
                            .filteredOn(message -> message.startsWith(prefix))
                            .isEqualTo(expected);
                }
            }
            for (int i = 0; i < devices.size(); i++) {
                Device device = devices.get(i);
                String first = firstTokens.get(i);
                String last = Objects.requireNonNull(lastTokens.get(device.token()));
                await().atMost(Duration.ofSeconds(60)).ignoreExceptions().untilAsserted(() -> {
                    // The process that was to delete what this token includes may have been killed: the next sync has
                    // it deleted.
                    sync(device, last, 0);
                    assertThat(messages(sync(device, first, 0)))
                            .as("what is left for a device that has got everything")
                            .isEmpty();
                });
            }
        }
    }

    private List<Device> devices() throws Exception {
        List<Device> devices = new ArrayList<>();
        for (int user = 0; devices.size() < DEVICES; user++) {
            String name = "user" + user;
            JsonNode registered = register(name);
            devices.add(device(registered));
            for (int i = 1; i < DEVICES_OF_A_USER && devices.size() < DEVICES; i++) {
                devices.add(device(server.request("POST", V3 + "/login", "", """
                    {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": "%s"},
                     "password": "a password of 20"}\
                    """.formatted(name))));
            }
        }
        return devices;
    }

    private static Device device(JsonNode session) {
        return new Device(
                session.path("user_id").asString(),
                session.path("device_id").asString(),
                session.path("access_token").asString());
    }

    private JsonNode register(String name) throws Exception {
        return server.request("POST", V3 + "/register", "", """
            {"username": "%s", "password": "a password of 20", "auth": {"type": "m.login.dummy"}}\
            """.formatted(name));
    }

    /** Each request has a message for every device; it is repeated until it is answered. */
    private void send(String name, String token, List<Device> devices, int rounds) throws Exception {
        for (int round = 0; round < rounds; round++) {
            ObjectNode body = JSON.createObjectNode();
            ObjectNode messages = body.putObject("messages");
            for (Device device : devices) {
                ObjectNode ofUser = messages.withObjectProperty(device.user());
                ofUser.putObject(device.id()).put("text", name + " " + round);
            }
            String path = V3 + "/sendToDevice/m.test/" + round;
            retry(() -> server.request("PUT", path, token, body.toString()));
        }
    }

    /** Syncs until it has everything; now and then as if an answer had been lost. */
    private void receive(Device device, String first, int count) throws Exception {
        List<String> its = Objects.requireNonNull(received.get(device.token()));
        String since = first;
        while (its.size() < count) {
            String from = since;
            JsonNode answer = retry(() -> sync(device, from, 2_000));
            if (ThreadLocalRandom.current().nextInt(4) > 0) {
                its.addAll(messages(answer));
                since = answer.path("next_batch").asString();
            }
        }
        String last = since;
        assertThat(messages(retry(() -> sync(device, last, 0)))).isEmpty();
        lastTokens.put(device.token(), last);
    }

    private void killByTurns() throws Exception {
        int turn = 0;
        do {
            String victim = (turn % 4 < 2 ? SERVER : READER) + "#" + (turn % 2 + 1);
            server.verb("kill", victim);
            assertThat(server.verb("start", victim).statusCode()).isEqualTo(200);
            turn++;
        } while (!allSent.get() || turn < 4);
    }

    private JsonNode sync(Device device, String since, int timeout) throws Exception {
        return server.request(
                "GET",
                V3 + "/sync?timeout=" + timeout + (since.isEmpty() ? "" : "&since=" + since),
                device.token(),
                "");
    }

    private static List<String> messages(JsonNode answer) {
        List<String> texts = new ArrayList<>();
        answer.path("to_device")
                .path("events")
                .forEach(event -> texts.add(event.path("content").path("text").asString()));
        return texts;
    }

    /** A request that is repeated until it succeeds. */
    @FunctionalInterface
    private interface Attempt {
        JsonNode make() throws Exception;
    }

    private static JsonNode retry(Attempt attempt) {
        JsonNode[] answer = new JsonNode[1];
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            answer[0] = attempt.make();
            return true;
        });
        return answer[0];
    }
}
