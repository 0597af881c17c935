package io.myelin.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Users of encrypted rooms who come all at once. In the first step each uploads the keys of a device, 50 one-time keys and a
 * fallback key; in the second each asks for the keys of 20 others; in the third each claims a one-time key of each of these. A
 * step begins when all users have done the one before. The keys are random: servers look only at their form.
 */
final class KeyBurst {

    private static final int USERS = 500;
    private static final int CONTACTS = 20;
    private static final int ONE_TIME_KEYS = 50;
    private static final int KEY_BYTES = 32;
    private static final int SIGNATURE_BYTES = 64;
    private static final String ALGORITHM = "signed_curve25519";

    private final List<Client> clients;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final Tally tally = new Tally();
    private final Map<String, Object> further = new LinkedHashMap<>();
    private double seconds;

    private KeyBurst(List<Client> clients) {
        this.clients = clients;
    }

    static Result run(ScenarioRun stage) throws IOException, InterruptedException {
        var burst = new KeyBurst(stage.register(stage.users(USERS)));
        stage.prepare(burst.clients.size(), user -> {
            burst.clients.get(user).open();
            return user;
        });
        return burst.measure(stage);
    }

    private Result measure(ScenarioRun stage) throws InterruptedException {
        var uploads = new ArrayList<byte[]>();
        var queries = new ArrayList<byte[]>();
        var claims = new ArrayList<byte[]>();
        for (var user = 0; user < clients.size(); user++) {
            var client = clients.get(user);
            uploads.add(client.post("/keys/upload", upload(client).toString()));
            queries.add(client.post("/keys/query", query(user).toString()));
            claims.add(client.post("/keys/claim", claim(user).toString()));
        }
        stage.progress("measuring " + clients.size() + " users at once");
        var meter = stage.meter();
        meter.start();
        step("upload", uploads);
        var found = step("query", queries);
        var claimed = step("claim", claims);
        meter.stop();
        check(found, claimed);
        return meter.result(tally, tally.latencies.count() / seconds, seconds, further);
    }

    /** Lets all users make one request each at the same time; returns the bodies of the answers, null where it failed. */
    private AtomicReferenceArray<byte[]> step(String name, List<byte[]> requests) throws InterruptedException {
        var start = new CountDownLatch(1);
        var bodies = new AtomicReferenceArray<byte[]>(requests.size());
        var tallies = new ArrayList<Tally>();
        var threads = new ArrayList<Thread>();
        for (var number = 0; number < requests.size(); number++) {
            var user = number;
            var mine = new Tally();
            tallies.add(mine);
            threads.add(Thread.ofPlatform().name("user").start(() -> {
                try {
                    start.await();
                    bodies.set(user, body(clients.get(user), requests.get(user), mine));
                } catch (IOException failed) {
                    mine.error(failed.toString());
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        var began = System.nanoTime();
        start.countDown();
        for (var thread : threads) {
            thread.join();
        }
        var took = (System.nanoTime() - began) / 1e9;
        var step = new Tally();
        tallies.forEach(step::add);
        tally.add(step);
        seconds += took;
        further.put(name + "_seconds", took);
        further.put(name + "_p50_ms", step.latencies.percentile(50) / 1e6);
        return bodies;
    }

    private static byte[] body(Client client, byte[] request, Tally tally) throws IOException, InterruptedException {
        var began = System.nanoTime();
        var answer = client.exchange(request);
        while (answer.status() == 429) {
            tally.limited++;
            TimeUnit.MILLISECONDS.sleep(answer.retryAfterMillis());
            answer = client.exchange(request);
        }
        if (answer.ok()) {
            tally.latencies.record(System.nanoTime() - began);
        } else {
            tally.error(answer.summary());
        }
        return answer.body();
    }

    /**
     * What a server must have told: the keys of all who were asked for, and to each claimer a one-time key that nobody else
     * has, or a fallback key. Nobody claims as many as there are, but Synapse gives fallback keys while others claim, too.
     */
    private void check(AtomicReferenceArray<byte[]> found, AtomicReferenceArray<byte[]> claimed) {
        var oneTime = new ArrayList<String>();
        var fallback = 0;
        var devices = 0;
        for (var user = 0; user < clients.size(); user++) {
            for (var theirs : parsed(found.get(user)).path("device_keys")) {
                devices += theirs.size();
            }
            for (var byUser : parsed(claimed.get(user)).path("one_time_keys").properties()) {
                for (var key : byUser.getValue().values().stream()
                        .flatMap(device -> device.properties().stream())
                        .toList()) {
                    if (key.getValue().path("fallback").asBoolean(false)) {
                        fallback++;
                    } else {
                        oneTime.add(byUser.getKey() + " " + key.getKey());
                    }
                }
            }
        }
        var wanted = clients.size() * contacts();
        if (devices != wanted) {
            tally.error(devices + " devices were found, not " + wanted);
        }
        if (oneTime.size() + fallback != wanted) {
            tally.error(oneTime.size() + fallback + " keys were given to those who claimed " + wanted);
        }
        if (new HashSet<>(oneTime).size() != oneTime.size()) {
            tally.error("a one-time key was given twice");
        }
        further.put("one_time_keys_claimed", oneTime.size());
        further.put("fallback_keys_claimed", fallback);
    }

    private static JsonNode parsed(byte @Nullable [] body) {
        return Json.parse(body == null ? new byte[0] : body);
    }

    private int contacts() {
        return Math.min(CONTACTS, clients.size() - 1);
    }

    private Client contact(int user, int number) {
        return clients.get((user + 1 + number) % clients.size());
    }

    private ObjectNode upload(Client client) {
        var body = Json.MAPPER.createObjectNode();
        var device =
                body.putObject("device_keys").put("user_id", client.userId()).put("device_id", client.deviceId());
        device.putArray("algorithms").add("m.olm.v1.curve25519-aes-sha2").add("m.megolm.v1.aes-sha2");
        device.putObject("keys")
                .put("curve25519:" + client.deviceId(), random(KEY_BYTES))
                .put("ed25519:" + client.deviceId(), random(KEY_BYTES));
        sign(client, device);
        var oneTimeKeys = body.putObject("one_time_keys");
        for (var number = 0; number < ONE_TIME_KEYS; number++) {
            sign(client, oneTimeKeys.putObject(ALGORITHM + ":" + number).put("key", random(KEY_BYTES)));
        }
        sign(
                client,
                body.putObject("fallback_keys")
                        .putObject(ALGORITHM + ":fallback")
                        .put("key", random(KEY_BYTES))
                        .put("fallback", true));
        return body;
    }

    private void sign(Client client, ObjectNode signed) {
        signed.putObject("signatures")
                .putObject(client.userId())
                .put("ed25519:" + client.deviceId(), random(SIGNATURE_BYTES));
    }

    private ObjectNode query(int user) {
        var body = Json.MAPPER.createObjectNode();
        var wanted = body.putObject("device_keys");
        for (var number = 0; number < contacts(); number++) {
            wanted.putArray(contact(user, number).userId());
        }
        return body;
    }

    private ObjectNode claim(int user) {
        var body = Json.MAPPER.createObjectNode();
        var wanted = body.putObject("one_time_keys");
        for (var number = 0; number < contacts(); number++) {
            var contact = contact(user, number);
            wanted.putObject(contact.userId()).put(contact.deviceId(), ALGORITHM);
        }
        return body;
    }

    private String random(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return Base64.getEncoder().withoutPadding().encodeToString(bytes);
    }
}
