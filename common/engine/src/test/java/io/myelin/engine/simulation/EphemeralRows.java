package io.myelin.engine.simulation;

import io.myelin.engine.LogPosition;
import io.myelin.engine.ownership.Balance;
import io.myelin.engine.ownership.OwnerScan;
import io.myelin.engine.ownership.ShardRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rows of an ephemeral service: instances, shards and stored states. */
final class EphemeralRows {

    private static final long LEASE_MILLIS = 2_000;

    private static final class Row {
        long epoch;
        long owner;
        Map<String, Talk> kept = Map.of();
    }

    private final Timeline time;
    private final EphemeralBreak broken;
    private final List<Row> shards = new ArrayList<>();
    private final Map<Long, Long> leases = new HashMap<>();
    private final Set<Long> leaving = new HashSet<>();
    private long incarnation = 1;
    private List<Row> backup = List.of();
    boolean down;

    EphemeralRows(Timeline time, EphemeralBreak broken, int shardCount) {
        this.time = time;
        this.broken = broken;
        for (int shard = 0; shard < shardCount; shard++) {
            shards.add(new Row());
        }
    }

    void insert(long instance) {
        leases.put(instance, time.now() + LEASE_MILLIS);
    }

    boolean renew(long instance) {
        return leases.computeIfPresent(instance, (same, until) -> time.now() + LEASE_MILLIS) != null;
    }

    void delete(long instance) {
        leases.remove(instance);
    }

    void leave(long instance) {
        leaving.add(instance);
    }

    OwnerScan look(long me, Set<Integer> wanted) {
        leases.values().removeIf(until -> until < time.now());
        List<ShardRow> claimed = new ArrayList<>();
        for (int shard : wanted) {
            Row row = shards.get(shard);
            boolean free = !leases.containsKey(row.owner);
            if (leases.containsKey(me)
                    && (row.owner == me || free && owned(me) < balance(me).share())) {
                row.owner = me;
                if (broken != EphemeralBreak.CLAIM_KEEPS_THE_EPOCH || row.epoch == 0) {
                    row.epoch++;
                }
                long told = broken == EphemeralBreak.INCARNATION_FORGOTTEN ? 1 : incarnation;
                claimed.add(
                        new ShardRow(shard, row.epoch, 0, 0, 0, told, new LogPosition(LogPosition.NO_TOPIC, 0, -1)));
            }
        }
        return new OwnerScan(claimed, balance(me));
    }

    private long owned(long instance) {
        return shards.stream().filter(row -> row.owner == instance).count();
    }

    private Balance balance(long me) {
        Set<Long> wanting = new HashSet<>(leases.keySet());
        wanting.removeAll(leaving);
        Map<Integer, Long> owners = new HashMap<>();
        for (int shard = 0; shard < shards.size(); shard++) {
            if (leases.containsKey(shards.get(shard).owner)) {
                owners.put(shard, shards.get(shard).owner);
            }
        }
        return Balance.of(me, shards.size(), wanting, owners);
    }

    void release(long me, int shard, long epoch) {
        Row row = shards.get(shard);
        if (row.owner == me && row.epoch == epoch) {
            row.owner = 0;
        }
    }

    boolean keep(int shard, long epoch, Map<String, Talk> states) {
        Row row = shards.get(shard);
        if (row.epoch != epoch) {
            return false;
        }
        if (broken != EphemeralBreak.KEPT_IN_WORDS_ONLY) {
            Map<String, Talk> kept = new HashMap<>(row.kept);
            kept.putAll(states);
            row.kept = kept;
        }
        return true;
    }

    Map<String, Talk> load(int shard) {
        return shards.get(shard).kept;
    }

    boolean hasBackup() {
        return !backup.isEmpty();
    }

    void backUp() {
        backup = copy(shards);
    }

    /** The rows are restored from the backup; no instance lives. */
    void restore() {
        shards.clear();
        shards.addAll(copy(backup));
        leases.clear();
        incarnation++;
    }

    private static List<Row> copy(List<Row> rows) {
        List<Row> copies = new ArrayList<>();
        for (Row row : rows) {
            Row copy = new Row();
            copy.epoch = row.epoch;
            copy.owner = row.owner;
            copy.kept = row.kept;
            copies.add(copy);
        }
        return copies;
    }
}
