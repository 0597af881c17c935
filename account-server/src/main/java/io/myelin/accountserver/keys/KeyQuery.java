package io.myelin.accountserver.keys;

import io.myelin.accountserver.account.UserKeys.KeySignature;
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
import io.myelin.matrix.json.JsonObjectBuilder;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.web.MatrixException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    /** How large the keys in one answer may be. 10,000 users with two devices each have about 15 MB. */
    private static final long MOST_BYTES = 40L << 20;

    private final ServerName server;
    private final StoredKeys stored;
    private final RemoteKeys remote;

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
    public JsonObject answer(UserId viewer, JsonObject deviceKeys, Duration timeout) {
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
        StoredKeys.Found found = stored.find(wanted.keySet(), MOST_BYTES)
                .orElseThrow(() -> new MatrixException(
                        400, "M_TOO_LARGE", "These users have too many keys for one answer: ask for fewer users."));
        Map<UserId, Map<String, Json>> devices = new LinkedHashMap<>();
        wanted.keySet().forEach(user -> devices.put(user, new HashMap<>()));
        for (StoredDevice device : found.devices()) {
            Set<String> some = wanted.getOrDefault(device.user(), Set.of());
            if (some.isEmpty() || some.contains(device.id())) {
                devices.computeIfAbsent(device.user(), _ -> new HashMap<>()).put(device.id(), json(device));
            }
        }
        Map<UserId, SignedMaster> signed = stored.signedBy(viewer);
        Map<Usage, JsonObject> crossSigning = new EnumMap<>(Usage.class);
        for (Usage usage : Usage.values()) {
            crossSigning.put(usage, crossSigning(usage, viewer, found.crossSigning(), signed));
        }
        JsonObjectBuilder local = JsonObject.builder();
        devices.forEach((user, theirs) -> local.put(user.value(), JsonObject.of(theirs)));
        return withRemote(viewer, local.build(), crossSigning, signed, entries, timeout);
    }

    private static Set<String> devices(UserId user, Json value) {
        if (!(value instanceof JsonArray array)) {
            throw KeyNames.badJson("'device_keys." + user + "' must be a list of device IDs.");
        }
        return array.stream()
                .map(device -> KeyNames.string(user.value(), device))
                .collect(Collectors.toSet());
    }

    private JsonObject withRemote(
            UserId viewer,
            JsonObject localDevices,
            Map<Usage, JsonObject> crossSigning,
            Map<UserId, SignedMaster> signed,
            Map<UserId, Json> entries,
            Duration timeout) {
        JsonObject devices = localDevices;
        JsonObject masters = crossSigning.getOrDefault(Usage.MASTER, JsonObject.EMPTY);
        JsonObject selfSigning = crossSigning.getOrDefault(Usage.SELF_SIGNING, JsonObject.EMPTY);
        JsonObject failures = JsonObject.EMPTY;
        for (Map.Entry<ServerName, JsonObject> each :
                KeyNames.remote(entries, server).entrySet()) {
            ServerName from = each.getKey();
            switch (remote.query(from, each.getValue(), timeout)) {
                case RemoteKeys.Answer.Found(JsonObject body) -> {
                    devices = merged(devices, part(body, "device_keys"), from);
                    masters = merged(masters, signed(part(body, "master_keys"), viewer, signed), from);
                    selfSigning = merged(selfSigning, part(body, "self_signing_keys"), from);
                }
                case RemoteKeys.Answer.Failed(MatrixError error) ->
                    failures = failures.with(from.value(), KeyNames.json(error));
            }
        }
        return JsonObject.builder()
                .put("device_keys", devices)
                .put("master_keys", masters)
                .put("self_signing_keys", selfSigning)
                .put("user_signing_keys", crossSigning.getOrDefault(Usage.USER_SIGNING, JsonObject.EMPTY))
                .put("failures", failures)
                .build();
    }

    private static JsonObject part(JsonObject body, String name) {
        return body.object(name).orElse(JsonObject.EMPTY);
    }

    /** What a server says of its own users, added to what is known of others. */
    static JsonObject merged(JsonObject known, JsonObject more, ServerName from) {
        List<String> theirs = new ArrayList<>();
        more.names().stream()
                .filter(name ->
                        UserId.tryParse(name).filter(user -> user.isOn(from)).isPresent())
                .forEach(theirs::add);
        JsonObject all = known;
        for (String user : theirs) {
            Json value = more.get(user);
            all = value == null ? all : all.with(user, value);
        }
        return all;
    }

    private static JsonObject signed(JsonObject masters, UserId viewer, Map<UserId, SignedMaster> signed) {
        JsonObject all = masters;
        for (String name : masters.names()) {
            UserId owner = UserId.tryParse(name).orElse(null);
            JsonObject key = masters.object(name).orElse(null);
            if (owner != null && key != null) {
                all = all.with(name, withSignature(key, viewer, signed.get(owner)));
            }
        }
        return all;
    }

    /** A device's keys with the signature by the self-signing key, and with the device's name. */
    private static JsonObject json(StoredDevice device) {
        JsonObject keys = parse(device.keys().uploaded());
        KeySignature signature = device.keys().signature();
        JsonObject unsigned = device.displayName() == null
                ? JsonObject.EMPTY
                : JsonObject.of("device_display_name", device.displayName());
        return (signature == null ? keys : withSignature(keys, device.user(), signature)).with("unsigned", unsigned);
    }

    private static JsonObject crossSigning(
            Usage usage, UserId viewer, Map<UserId, Map<Usage, byte[]>> all, Map<UserId, SignedMaster> signed) {
        JsonObjectBuilder shown = JsonObject.builder();
        all.forEach((owner, keys) -> {
            byte[] key = keys.get(usage);
            if (key != null && (usage != Usage.USER_SIGNING || owner.equals(viewer))) {
                JsonObject json = ofOwnerOnly(parse(key), owner);
                shown.put(owner.value(), usage == Usage.MASTER ? withSignature(json, viewer, signed.get(owner)) : json);
            }
        });
        return shown.build();
    }

    /** Only signatures by the owner are shown to everybody. */
    private static JsonObject ofOwnerOnly(JsonObject key, UserId owner) {
        return key.object("signatures")
                .map(signatures -> key.with("signatures", signatures.retain(owner.value()::equals)))
                .orElse(key);
    }

    private static JsonObject withSignature(JsonObject master, UserId viewer, @Nullable SignedMaster signed) {
        return signed == null
                        || !KeyNames.publicKey(master)
                                .filter(signed.key()::equals)
                                .isPresent()
                ? master
                : withSignature(master, viewer, signed.signature());
    }

    private static JsonObject withSignature(JsonObject key, UserId user, KeySignature signature) {
        JsonObject signatures = key.object("signatures").orElse(JsonObject.EMPTY);
        JsonObject theirs = signatures.object(user.value()).orElse(JsonObject.EMPTY);
        return key.with(
                "signatures", signatures.with(user.value(), theirs.with(signature.keyId(), signature.signature())));
    }

    private static JsonObject parse(byte[] key) {
        return JsonParser.parseObjectWithRareNames(key, JsonRules.LENIENT);
    }
}
