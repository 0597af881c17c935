package io.myelin.accountserver.keys;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.account.KeyAnswer.ClaimedKey;
import io.myelin.contracts.account.KeyCommand.Claim;
import io.myelin.contracts.account.KeyCommand.ClaimKeys;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonObjectBuilder;
import io.myelin.matrix.json.JsonParser;
import io.myelin.web.MatrixException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Claims keys of devices. Client-server API, {@code POST /keys/claim}. */
public final class KeyClaims {

    /** How many devices one request may claim keys of. */
    public static final int MOST_DEVICES = 5_000;

    private final ServerName server;
    private final int shards;
    private final RemoteKeys remote;

    public KeyClaims(ServerName server, int shards, RemoteKeys remote) {
        this.server = server;
        this.shards = shards;
        this.remote = remote;
    }

    /**
     * Claims keys. Each shard gets one command.
     *
     * @param oneTimeKeys algorithms by user and device
     * @param execute executes a command
     * @return the answer's body
     */
    public JsonObject claim(JsonObject oneTimeKeys, Duration timeout, Function<ClaimKeys, List<ClaimedKey>> execute) {
        Map<UserId, Json> entries = KeyNames.byUser(oneTimeKeys);
        Map<Integer, List<Claim>> byShard = new TreeMap<>();
        int devices = 0;
        for (Map.Entry<UserId, Json> entry : entries.entrySet()) {
            UserId user = entry.getKey();
            JsonObject wanted = KeyNames.object(user.value(), entry.getValue());
            devices += Math.max(1, wanted.size());
            if (devices > MOST_DEVICES) {
                throw new MatrixException(
                        MatrixError.invalidParam("One request claims keys of at most " + MOST_DEVICES + " devices."));
            }
            wanted.forEach((device, algorithm) -> {
                var claim = new Claim(
                        user,
                        KeyNames.checked("device ID", device),
                        KeyNames.checked("algorithm", KeyNames.string(device, algorithm)));
                if (user.isOn(server)) {
                    byShard.computeIfAbsent(Partitions.of(user.value(), shards), _ -> new ArrayList<>())
                            .add(claim);
                }
            });
        }
        Map<String, Map<String, JsonObject>> claimed = new TreeMap<>();
        for (List<Claim> claims : byShard.values()) {
            for (ClaimedKey key : execute.apply(new ClaimKeys(claims.getFirst().user(), claims))) {
                claimed.computeIfAbsent(key.user().value(), _ -> new TreeMap<>())
                        .put(
                                key.device(),
                                JsonObject.of(key.algorithm() + ":" + key.id(), JsonParser.parse(key.key())));
            }
        }
        Map<String, JsonObject> byUser = new TreeMap<>();
        claimed.forEach((user, theirs) -> byUser.put(user, JsonObject.of(theirs)));
        JsonObjectBuilder keys = JsonObject.builder();
        byUser.forEach(keys::put);
        JsonObjectBuilder failures = JsonObject.builder();
        for (Map.Entry<ServerName, JsonObject> each :
                KeyNames.remote(entries, server).entrySet()) {
            switch (remote.claim(each.getKey(), each.getValue(), timeout)) {
                case RemoteKeys.Answer.Found(var body) ->
                    KeyNames.ofServer(body.object("one_time_keys").orElse(JsonObject.EMPTY), each.getKey())
                            .forEach(keys::put);
                case RemoteKeys.Answer.Failed(var error) ->
                    failures.put(each.getKey().value(), KeyNames.json(error));
            }
        }
        return JsonObject.builder()
                .put("one_time_keys", keys.build())
                .put("failures", failures.build())
                .build();
    }
}
