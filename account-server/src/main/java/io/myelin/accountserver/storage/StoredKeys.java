package io.myelin.accountserver.storage;

import io.myelin.accountserver.account.UserKeys;
import io.myelin.accountserver.account.UserKeys.OfDevice;
import io.myelin.accountserver.account.UserKeys.SignedMaster;
import io.myelin.accountserver.account.UserKeys.Usage;
import io.myelin.contracts.Partitions;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.ServiceDatabase;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
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

    /**
     * Each shard is asked once.
     *
     * @param mostBytes how large all keys of devices together may be
     * @return empty if they are larger
     */
    public Optional<Found> find(Collection<UserId> users, long mostBytes) {
        long[] bytes = {0};
        List<StoredDevice> devices = new ArrayList<>();
        Map<UserId, Map<Usage, byte[]>> crossSigning = new HashMap<>();
        for (Map.Entry<Integer, List<UserId>> each :
                users.stream().collect(Collectors.groupingBy(this::shard)).entrySet()) {
            int shard = each.getKey();
            boolean fits = database.read(jdbc -> {
                bytes[0] += tables.devices.bytes(jdbc, shard, each.getValue());
                if (bytes[0] > mostBytes) {
                    return false;
                }
                tables.devices
                        .of(jdbc, shard, each.getValue())
                        .forEach(row ->
                                devices.add(new StoredDevice(row.user(), row.device(), row.keys(), row.displayName())));
                crossSigning.putAll(tables.crossSigning.of(jdbc, shard, each.getValue()));
                return true;
            });
            if (!fits) {
                return Optional.empty();
            }
        }
        return Optional.of(new Found(devices, crossSigning));
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
