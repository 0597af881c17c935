package io.myelin.accountserver.keys;

import io.myelin.accountserver.account.UserKeys.SignedMaster;
import io.myelin.accountserver.account.UserKeys.Usage;
import io.myelin.accountserver.storage.StoredKeys;
import io.myelin.accountserver.storage.StoredKeys.StoredDevice;
import io.myelin.contracts.MatrixError;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.JsonWriter;
import io.myelin.web.MatrixException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Answers what keys users have. A user-signing key is shown to its owner alone, and so are signatures made with it; all
 * others see only what the owner of a key has signed. Client-server API, {@code POST /keys/query}, and "Key and signature
 * security".
 */
public final class KeyQuery {

    /** How many users one request may ask for. */
    public static final int MOST_USERS = 10_000;

    /** How large the keys in one answer may be. 10,000 users with two devices each have about 30 MB. */
    static final long MOST_BYTES = 40L << 20;

    /** How large the keys in all answers that are being made may be together. */
    private static final long MOST_BYTES_AT_ONCE = 64L << 20;

    /** An answer that is smaller does not wait for others. */
    private static final long LITTLE = 256 << 10;

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int KILOBYTE = 1 << 10;

    private final ServerName server;
    private final StoredKeys stored;
    private final RemoteKeys remote;
    private final Semaphore kilobytes = new Semaphore((int) (MOST_BYTES_AT_ONCE / KILOBYTE), true);

    public KeyQuery(ServerName server, StoredKeys stored, RemoteKeys remote) {
        this.server = server;
        this.stored = stored;
        this.remote = remote;
    }

    /**
     * The answer's body.
     *
     * @param deviceKeys a list of devices by user; an empty list for all devices of the user
     */
    public byte[] answer(UserId viewer, JsonObject deviceKeys, Duration timeout) {
        if (deviceKeys.size() > MOST_USERS) {
            throw new MatrixException(
                    MatrixError.invalidParam("One request asks for at most " + MOST_USERS + " users."));
        }
        Map<UserId, Json> entries = KeyNames.byUser(deviceKeys);
        Map<UserId, Set<String>> wanted = new LinkedHashMap<>();
        entries.forEach((user, devices) -> {
            Set<String> names = devices(user, devices);
            if (user.isOn(server)) {
                wanted.put(user, names);
            }
        });
        Elsewhere elsewhere = elsewhere(entries, timeout);
        List<StoredKeys.Wanted> shards = stored.byShard(wanted);
        long bytes = 0;
        for (StoredKeys.Wanted shard : shards) {
            bytes += stored.bytes(shard);
            if (bytes > MOST_BYTES) {
                throw new MatrixException(
                        400, "M_TOO_LARGE", "These users have too many keys for one answer: ask for fewer users.");
            }
        }
        int held = bytes < LITTLE ? 0 : (int) (bytes / KILOBYTE);
        hold(held);
        try {
            return answer(viewer, shards, bytes, elsewhere);
        } finally {
            kilobytes.release(held);
        }
    }

    /** Waits until the answers that are being made leave room for another one. */
    private void hold(int some) {
        if (some == 0) {
            return;
        }
        try {
            if (kilobytes.tryAcquire(some, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw MatrixException.tooMany("Too many ask for many keys now.", PATIENCE);
    }

    private static Set<String> devices(UserId user, Json value) {
        if (!(value instanceof JsonArray array)) {
            throw KeyNames.badJson("'device_keys." + user + "' must be a list of device IDs.");
        }
        return array.stream()
                .map(device -> KeyNames.checked("device ID", KeyNames.string(user.value(), device)))
                .collect(Collectors.toSet());
    }

    /** The shards are read one after the other, so that the rows of one alone are in memory beside the answer. */
    private byte[] answer(UserId viewer, List<StoredKeys.Wanted> shards, long bytes, Elsewhere elsewhere) {
        Map<UserId, SignedMaster> signed = stored.signedBy(viewer);
        Map<Usage, Map<UserId, byte[]>> crossSigning = new EnumMap<>(Usage.class);
        JsonWriter out = new JsonWriter((int) Math.min(MOST_BYTES, KILOBYTE + bytes + bytes / 4));
        out.beginObject().name("device_keys").beginObject();
        for (StoredKeys.Wanted shard : shards) {
            StoredKeys.Found found = stored.find(shard);
            Map<UserId, List<StoredDevice>> devices = new HashMap<>();
            found.devices()
                    .forEach(device -> devices.computeIfAbsent(device.user(), _ -> new ArrayList<>())
                            .add(device));
            for (UserId user : shard.users().keySet()) {
                out.name(user.value()).beginObject();
                devices.getOrDefault(user, List.of())
                        .forEach(device -> out.field(device.id(), ShownKeys.device(device)));
                out.endObject();
            }
            found.crossSigning()
                    .forEach((owner, keys) -> keys.forEach((usage, key) -> {
                        if (usage != Usage.USER_SIGNING || owner.equals(viewer)) {
                            crossSigning
                                    .computeIfAbsent(usage, _ -> new LinkedHashMap<>())
                                    .put(
                                            owner,
                                            ShownKeys.crossSigning(
                                                    key,
                                                    owner,
                                                    viewer,
                                                    usage == Usage.MASTER ? signed.get(owner) : null));
                        }
                    }));
        }
        elsewhere.each("device_keys", keys -> write(out, keys));
        out.endObject();
        out.name("master_keys").beginObject();
        write(out, crossSigning.get(Usage.MASTER));
        elsewhere.each(
                "master_keys",
                keys -> keys.forEach((name, key) -> out.field(
                        name,
                        key instanceof JsonObject object
                                ? ShownKeys.withSignature(object, viewer, signed.get(new UserId(name)))
                                : key)));
        out.endObject();
        out.name("self_signing_keys").beginObject();
        write(out, crossSigning.get(Usage.SELF_SIGNING));
        elsewhere.each("self_signing_keys", keys -> write(out, keys));
        out.endObject();
        out.name("user_signing_keys").beginObject();
        write(out, crossSigning.get(Usage.USER_SIGNING));
        out.endObject();
        out.name("failures").beginObject();
        elsewhere.failures().forEach((from, error) -> out.field(from.value(), KeyNames.json(error)));
        return out.endObject().endObject().toBytes();
    }

    private static void write(JsonWriter out, @Nullable Map<UserId, byte[]> keys) {
        if (keys != null) {
            keys.forEach((owner, key) -> out.field(owner.value(), key));
        }
    }

    private static void write(JsonWriter out, JsonObject keys) {
        keys.forEach(out::field);
    }

    // --- other servers

    /** What other servers say of their users. */
    private record Elsewhere(Map<ServerName, JsonObject> answers, Map<ServerName, MatrixError> failures) {

        /** Each server's part of this name, about its own users alone. */
        void each(String part, Consumer<JsonObject> consumer) {
            answers.forEach((from, body) ->
                    consumer.accept(KeyNames.ofServer(body.object(part).orElse(JsonObject.EMPTY), from)));
        }
    }

    private Elsewhere elsewhere(Map<UserId, Json> entries, Duration timeout) {
        Map<ServerName, JsonObject> answers = new LinkedHashMap<>();
        Map<ServerName, MatrixError> failures = new LinkedHashMap<>();
        KeyNames.remote(entries, server).forEach((from, users) -> {
            switch (remote.query(from, users, timeout)) {
                case RemoteKeys.Answer.Found(JsonObject body) -> answers.put(from, body);
                case RemoteKeys.Answer.Failed(MatrixError error) -> failures.put(from, error);
            }
        });
        return new Elsewhere(answers, failures);
    }
}
