package io.myelin.accountserver.storage;

import io.myelin.accountserver.account.UserKeys;
import io.myelin.accountserver.account.UserKeys.OfDevice;
import io.myelin.accountserver.account.UserKeys.SignedMaster;
import io.myelin.accountserver.account.UserKeys.Usage;
import io.myelin.contracts.Partitions;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.ServiceDatabase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Committed public keys. */
public final class StoredKeys {
    private final int shards;
    private final ServiceDatabase database;
    private final KeyTables tables;

    StoredKeys(int shards, ServiceDatabase database, KeyTables tables) {
        this.shards = shards;
        this.database = database;
        this.tables = tables;
    }

    /** @param displayName of the device */
    public record StoredDevice(
            UserId user, String id, OfDevice keys, @Nullable String displayName) {}

    /** The keys of some users. */
    public record Found(List<StoredDevice> devices, Map<UserId, Map<Usage, byte[]>> crossSigning) {}

    /** Some users of one shard, with the devices whose keys are wanted; none for all devices of the user. */
    public record Wanted(int shard, Map<UserId, Set<String>> users) {
        private DeviceKeyTable.Wanted devices() {
            List<String> all = new ArrayList<>();
            List<String> named = new ArrayList<>();
            List<String> devices = new ArrayList<>();
            users.forEach((user, some) -> {
                if (some.isEmpty()) {
                    all.add(user.value());
                }
                for (String device : some) {
                    named.add(user.value());
                    devices.add(device);
                }
            });
            return new DeviceKeyTable.Wanted(all, named, devices);
        }
    }

    /** The users, shard by shard. */
    public List<Wanted> byShard(Map<UserId, Set<String>> users) {
        Map<Integer, Map<UserId, Set<String>>> byShard = new TreeMap<>();
        users.forEach((user, devices) ->
                byShard.computeIfAbsent(shard(user), _ -> new LinkedHashMap<>()).put(user, devices));
        List<Wanted> wanted = new ArrayList<>();
        byShard.forEach((shard, theirs) -> wanted.add(new Wanted(shard, theirs)));
        return wanted;
    }

    /** How large these keys are together, in bytes. */
    public long bytes(Wanted wanted) {
        return database.read(jdbc -> tables.devices.bytes(jdbc, wanted.shard(), wanted.devices())
                + CrossSigningKeyTable.bytes(
                        jdbc, wanted.shard(), wanted.users().keySet()));
    }

    public Found find(Wanted wanted) {
        return database.read(jdbc -> new Found(
                tables.devices.of(jdbc, wanted.shard(), wanted.devices()).stream()
                        .map(row -> new StoredDevice(row.user(), row.device(), row.keys(), row.displayName()))
                        .toList(),
                tables.crossSigning.of(jdbc, wanted.shard(), wanted.users().keySet())));
    }

    /** The signatures of a user on master keys of others. */
    public Map<UserId, SignedMaster> signedBy(UserId user) {
        return database.read(jdbc -> tables.signatures.of(jdbc, shard(user), user));
    }

    /** All public keys of a user. */
    public UserKeys of(UserId user) {
        return database.read(jdbc -> tables.of(jdbc, shard(user), user));
    }

    private int shard(UserId user) {
        return Partitions.of(user.value(), shards);
    }
}
