package io.myelin.accountserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.accountserver.account.SignedKeys;
import io.myelin.matrix.crypto.SigningKey;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.postgres.UnshardedTables;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Keys of end-to-end encryption, through the real server. */
@ExtendWith(SharedServer.class)
class KeysIT {
    private static final int CLAIMERS = 16;
    private static final int KEYS = 200;

    private final Accounts accounts;

    KeysIT(Accounts accounts) {
        this.accounts = accounts;
    }

    private String device(User user) {
        return user.client().get("/account/whoami").field("device_id");
    }

    private static String upload(JsonObject device) {
        return "{\"device_keys\":" + device + "}";
    }

    private static String query(User user) {
        return "{\"device_keys\":{\"" + user.id() + "\":[]}}";
    }

    private static JsonObject in(JsonObject object, String... path) {
        JsonObject at = object;
        for (String name : path) {
            at = at.object(name).orElseThrow(() -> new AssertionError("There is no " + name + " in " + object));
        }
        return at;
    }

    @Test
    void showsKeysToWhoMaySeeThem() {
        User alice = accounts.register();
        User bob = accounts.register();
        SignedKeys keys = new SignedKeys(UserId.parse(alice.id()), 1);
        SignedKeys bobs = new SignedKeys(UserId.parse(bob.id()), 2);
        String device = device(alice);
        SigningKey ofDevice = SigningKey.generate("ed25519:" + device, new Random(3));
        JsonObject deviceKeys = keys.device(device, ofDevice);
        alice.client().post("/keys/upload", upload(deviceKeys)).ok();
        alice.client().put("/devices/" + device, "{\"display_name\":\"Phone\"}").ok();
        String crossSigning = "{\"master_key\":%s,\"self_signing_key\":%s,\"user_signing_key\":%s}"
                .formatted(keys.master(), keys.selfSigning(), keys.userSigning());
        alice.client().post("/keys/device_signing/upload", crossSigning).ok();
        alice.client().post("/keys/device_signing/upload", crossSigning).ok();
        bob.client()
                .post("/keys/device_signing/upload", "{\"master_key\":" + bobs.master() + "}")
                .ok();
        JsonObject signedDevice = keys.sign(deviceKeys, keys.selfSigning);
        JsonObject signedMaster = keys.signByDevice(keys.master(), device, ofDevice);
        JsonObject signedBob = keys.sign(bobs.master(), keys.userSigning);
        String master = keys.master.verifyKey().toBase64();
        String bobsMaster = bobs.master.verifyKey().toBase64();
        JsonObject answer = alice.client()
                .post(
                        "/keys/signatures/upload",
                        "{\"%s\":{\"%s\":%s,\"%s\":%s,\"NONE\":%s},\"%s\":{\"%s\":%s}}"
                                .formatted(
                                        alice.id(),
                                        device,
                                        signedDevice,
                                        master,
                                        signedMaster,
                                        signedDevice,
                                        bob.id(),
                                        bobsMaster,
                                        signedBob))
                .ok();
        assertThat(in(answer, "failures").names()).containsExactly(alice.id());
        assertThat(in(answer, "failures", alice.id()).names()).containsExactly("NONE");

        JsonObject seenByBob = bob.client().post("/keys/query", query(alice)).ok();
        JsonObject shown = in(seenByBob, "device_keys", alice.id(), device);
        assertThat(in(shown, "unsigned").toString()).isEqualTo("{\"device_display_name\":\"Phone\"}");
        assertThat(in(shown, "signatures", alice.id()).names())
                .containsExactlyInAnyOrder("ed25519:" + device, SignedKeys.id(keys.selfSigning));
        assertThat(in(seenByBob, "master_keys", alice.id())).isEqualTo(signedMaster);
        assertThat(in(seenByBob, "self_signing_keys", alice.id())).isEqualTo(keys.selfSigning());
        assertThat(in(seenByBob, "user_signing_keys").isEmpty()).isTrue();
        JsonObject seenByAlice =
                alice.client().post("/keys/query", query(alice)).ok();
        assertThat(in(seenByAlice, "user_signing_keys", alice.id())).isEqualTo(keys.userSigning());

        assertThat(in(alice.client().post("/keys/query", query(bob)).ok(), "master_keys", bob.id()))
                .isEqualTo(signedBob);
        assertThat(in(bob.client().post("/keys/query", query(bob)).ok(), "master_keys", bob.id()))
                .isEqualTo(bobs.master());
    }

    /** By name, and some of whom have no keys, and one whose device an earlier release has removed with its keys left. */
    @Test
    void showsTheDevicesThatAreAskedFor() {
        User alice = accounts.register();
        User bob = accounts.register();
        SignedKeys keys = new SignedKeys(UserId.parse(alice.id()), 7);
        String device = device(alice);
        JsonObject first = keys.device(device, SigningKey.generate("ed25519:" + device, new Random(3)));
        alice.client().post("/keys/upload", upload(first)).ok();
        MatrixClient second =
                accounts.nobody().with(accounts.login(alice.name(), "secret").field("access_token"));
        String other = second.get("/account/whoami").field("device_id");
        JsonObject ofOther = keys.device(other, SigningKey.generate("ed25519:" + other, new Random(4)));
        second.post("/keys/upload", "{\"device_keys\":" + ofOther + ",\"one_time_keys\":{\"a:1\":\"x\"}}")
                .ok();
        String some = "{\"device_keys\":{\"%s\":[%s],\"%s\":[],\"@nobody:localhost\":[]}}";
        JsonObject named = bob.client()
                .post("/keys/query", some.formatted(alice.id(), "\"" + other + "\",\"NONE\"", bob.id()))
                .ok();
        assertThat(in(named, "device_keys", alice.id()).names()).containsExactly(other);
        assertThat(in(named, "device_keys").names()).contains(bob.id(), "@nobody:localhost");
        JsonObject all = bob.client()
                .post("/keys/query", some.formatted(alice.id(), "", bob.id()))
                .ok();
        assertThat(in(all, "device_keys", alice.id()).names()).containsExactlyInAnyOrder(device, other);

        accounts.server()
                .bean(UnshardedTables.class)
                .transact(jdbc -> jdbc.sql("UPDATE device SET token_hash = NULL WHERE user_id = ? AND device_id = ?")
                        .params(alice.id(), other)
                        .update());
        all = bob.client()
                .post("/keys/query", some.formatted(alice.id(), "", bob.id()))
                .ok();
        assertThat(in(all, "device_keys", alice.id()).names()).containsExactly(device);
    }

    @Test
    void asksForAProofBeforeItReplacesKeys() {
        User user = accounts.register();
        SignedKeys keys = new SignedKeys(UserId.parse(user.id()), 4);
        SignedKeys others = new SignedKeys(UserId.parse(user.id()), 5);
        user.client()
                .post("/keys/device_signing/upload", "{\"master_key\":" + keys.master() + "}")
                .ok();
        String replacement = "{\"master_key\":" + others.master() + "%s}";
        JsonObject challenge = user.client()
                .post("/keys/device_signing/upload", replacement.formatted(""))
                .body();
        String auth = "{\"session\":\"" + challenge.string("session").orElseThrow() + "\","
                + user.auth().substring(1);
        user.client()
                .post("/keys/device_signing/upload", replacement.formatted(",\"auth\":" + auth))
                .ok();
        assertThat(in(user.client().post("/keys/query", query(user)).ok(), "master_keys", user.id()))
                .isEqualTo(others.master());
    }

    @Test
    void refusesWhatIsNoKey() {
        User user = accounts.register();
        MatrixClient client = user.client();
        client.post("/keys/upload", "{\"one_time_keys\":{\"nonsense\":\"x\"}}").isRefused(400, "M_BAD_JSON");
        client.post("/keys/upload", "{\"one_time_keys\":{\"a:b\":5}}").isRefused(400, "M_BAD_JSON");
        client.post("/keys/upload", "{\"device_keys\":null}").isRefused(400, "M_BAD_JSON");
        client.post("/keys/upload", "{\"device_keys\":{\"user_id\":\"@other:localhost\",\"device_id\":\"X\"}}")
                .isRefused(400, "M_BAD_JSON");
        client.post("/keys/upload", "{\"one_time_keys\":{\"a:\\u0000\":\"x\"}}").isRefused(400, "M_BAD_JSON");
        client.post("/keys/query", "{}").isRefused(400, "M_MISSING_PARAM");
        client.post("/keys/query", "{\"device_keys\":{\"nobody\":[]}}").isRefused(400, "M_INVALID_PARAM");
        client.post("/keys/claim", "{\"one_time_keys\":{\"" + user.id() + "\":{\"X\":5}}}")
                .isRefused(400, "M_BAD_JSON");
        client.post("/keys/device_signing/upload", "{\"master_key\":{\"user_id\":\"x\"}}")
                .isRefused(400, "M_INVALID_PARAM");
        client.post("/keys/signatures/upload", "{\"" + user.id() + "\":[]}").isRefused(400, "M_BAD_JSON");
        assertThat(client.post("/keys/query", "{\"device_keys\":{\"@x:elsewhere\":[]}}")
                        .ok()
                        .object("failures")
                        .orElseThrow()
                        .names())
                .containsExactly("elsewhere");
    }

    @Test
    void aRemovedDeviceHasNoKeys() {
        User user = accounts.register();
        MatrixClient second =
                accounts.nobody().with(accounts.login(user.name(), "secret").field("access_token"));
        second.post("/keys/upload", "{\"one_time_keys\":{\"a:1\":\"x\"},\"fallback_keys\":{\"a:f\":\"y\"}}")
                .ok();
        String device = second.get("/account/whoami").field("device_id");
        second.post("/logout", "{}").ok();
        assertThat(user.client()
                        .post("/keys/claim", claim(user.id(), device))
                        .ok()
                        .object("one_time_keys")
                        .orElseThrow()
                        .isEmpty())
                .isTrue();
    }

    private static String claim(String user, String device) {
        return "{\"one_time_keys\":{\"%s\":{\"%s\":\"a\"}}}".formatted(user, device);
    }

    /** Many clients claim at once; each key goes to one of them, and afterwards the fallback key to all. */
    @Test
    void givesEachOneTimeKeyToOneOfManyClaimers() throws Exception {
        User user = accounts.register();
        String device = device(user);
        String all = IntStream.range(0, KEYS)
                .mapToObj(i -> "\"a:%04d\":\"key %d\"".formatted(i, i))
                .collect(Collectors.joining(","));
        user.client()
                .post("/keys/upload", "{\"one_time_keys\":{" + all + "},\"fallback_keys\":{\"a:f\":\"fallback\"}}")
                .ok();
        List<User> claimers = IntStream.range(0, CLAIMERS / 4)
                .mapToObj(_ -> accounts.register())
                .toList();
        List<Callable<List<String>>> work = new ArrayList<>();
        for (int i = 0; i < CLAIMERS; i++) {
            User claimer = claimers.get(i % claimers.size());
            work.add(() -> {
                List<String> mine = new ArrayList<>();
                for (int n = 0; n < KEYS / CLAIMERS + 2; n++) {
                    mine.addAll(in(
                                    claimer.client()
                                            .post("/keys/claim", claim(user.id(), device))
                                            .ok(),
                                    "one_time_keys",
                                    user.id(),
                                    device)
                            .names());
                }
                return mine;
            });
        }
        List<String> claimed = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<List<String>> each : threads.invokeAll(work)) {
                claimed.addAll(each.get());
            }
        }
        List<String> oneTime =
                claimed.stream().filter(name -> !name.equals("a:f")).toList();
        assertThat(oneTime).hasSize(KEYS);
        assertThat(new HashSet<>(oneTime)).hasSize(KEYS);
        assertThat(claimed).contains("a:f");
    }
}
