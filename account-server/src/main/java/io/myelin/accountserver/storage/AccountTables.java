package io.myelin.accountserver.storage;

import io.myelin.accountserver.account.AccountChange;
import io.myelin.accountserver.account.BackupChange;
import io.myelin.accountserver.account.DatumLookup;
import io.myelin.accountserver.account.EntityKey;
import io.myelin.accountserver.account.KeyChange;
import io.myelin.accountserver.account.OneTimeKeys;
import io.myelin.accountserver.account.UserState;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.RoomInherited;
import io.myelin.contracts.account.ToDeviceFact;
import io.myelin.engine.Numbered;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.postgres.Column;
import io.myelin.postgres.Column.Type;
import io.myelin.postgres.LogEntry;
import io.myelin.postgres.LogRow;
import io.myelin.postgres.ServiceTables;
import io.myelin.postgres.TableRows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** All tables of account-server together. */
public final class AccountTables implements ServiceTables<UserState, AccountChange> {
    /** The service's schema. */
    public static final String SCHEMA = "account";

    /** The length of a key's first part. */
    private static final int KIND = 5;

    private static final Set<String> TOGETHER = Set.of(
            EntityKey.OfInbox.KIND,
            EntityKey.OfOneTimeKeys.KIND,
            EntityKey.OfBackupRoom.KIND,
            EntityKey.OfBackupKey.KIND);

    private final AccountTable accounts = new AccountTable();
    final DeviceTable devices = new DeviceTable();
    final ProfileTable profiles = new ProfileTable();
    final AccountDataTable data = new AccountDataTable();
    final FilterTable filters = new FilterTable();
    final ToDeviceTable toDevice = new ToDeviceTable();
    final DehydratedDeviceTable dehydrated = new DehydratedDeviceTable();
    final KeyBackupTables keyBackups = new KeyBackupTables();
    final KeyTables keys = new KeyTables();
    private final InheritedRoomTable inherited = new InheritedRoomTable();
    private final AccountLog log = new AccountLog(devices, profiles, data, keys);

    /** Log rows that a newer row has superseded; a replay would leave them out. */
    private final TableRows superseded = TableRows.deleteOlder(
            "log",
            3,
            Column.of("shard", Type.INT),
            Column.of("kind", Type.SMALLINT),
            Column.of("reference", Type.TEXT),
            Column.of("seq", Type.LONG));

    @Override
    public List<TableRows> rows() {
        List<TableRows> rows = new ArrayList<>(List.of(
                accounts.rows,
                devices.rows,
                profiles.rows,
                data.rows,
                filters.rows,
                toDevice.added,
                toDevice.dropped,
                toDevice.gaveWay,
                toDevice.removed,
                dehydrated.rows,
                inherited.rows,
                superseded));
        rows.addAll(keyBackups.rows());
        rows.addAll(keys.rows());
        return rows;
    }

    @Override
    public void write(int shard, Numbered<AccountChange> numbered) {
        long seq = numbered.seq();
        switch (numbered.fact()) {
            case AccountChange.AccountSet set -> accounts.put(shard, set.account());
            case AccountChange.DeviceSet set -> {
                UserId user = set.published().user();
                devices.put(shard, user, set.device(), seq);
                if (set.isNew()) {
                    removeAllOf(shard, user, set.device().id(), seq);
                }
            }
            case AccountChange.DataSet set -> data.put(shard, set.published(), set.deleted(), seq);
            case AccountChange.FilterSet set ->
                filters.put(shard, set.published().user(), set.published().filterId(), set.filter());
            case AccountChange.DehydratedSet set -> dehydrated.put(shard, set);
            case AccountChange.KeyBackupSet set -> keyBackups.write(shard, set, seq);
            case AccountChange.ToDeviceAdded added -> toDevice.add(shard, added, seq);
            case AccountChange.Plain(ToDeviceFact.ToDeviceDropped dropped) -> {
                toDevice.drop(shard, dropped.user(), dropped.device(), dropped.upTo());
                superseded(shard, AccountLog.toDevice(dropped.user(), dropped.device()), dropped.upTo() + 1);
            }
            case AccountChange.Plain(AccountFact.DeviceRemoved removed) -> {
                devices.remove(shard, removed.user(), removed.device(), seq);
                removeAllOf(shard, removed.user(), removed.device(), seq);
                superseded(shard, AccountLog.toDevice(removed.user(), removed.device()), seq);
                superseded(shard, AccountLog.countsOf(removed.user(), removed.device()), seq);
            }
            case KeyChange change -> keys.write(shard, change, seq);
            case AccountChange.Plain(AccountFact.ProfileChanged changed) -> profiles.put(shard, changed.profile());
            case AccountChange.Plain(RoomInherited room) -> inherited.put(shard, room);
            case AccountChange.Plain(AccountFact other) ->
                throw new IllegalArgumentException("Nothing says where to keep " + other);
        }
        LogEntry entry = entry(numbered.fact());
        if (entry != null && AccountLog.supersedes(entry)) {
            superseded(shard, entry, seq);
        }
    }

    /** Deletes the messages and the keys that a device had before a number. */
    private void removeAllOf(int shard, UserId user, String device, long seq) {
        toDevice.remove(shard, user, device, seq);
        keys.removeDevice(shard, user, device, seq);
    }

    /** Deletes log rows of this kind and reference below a number. */
    private void superseded(int shard, LogEntry entry, long below) {
        superseded.add(shard, entry.kind(), entry.reference(), below);
    }

    @Override
    public @Nullable LogEntry entry(AccountChange change) {
        return AccountLog.entry(change.published());
    }

    @Override
    public UserState load(JdbcClient jdbc, int shard, String key) {
        return switch (EntityKey.parse(key)) {
            case EntityKey.OfUser(UserId user) -> {
                Optional<UserState.Account> account = account(jdbc, shard, user);
                yield account.isPresent() ? account.get() : new UserState.Unregistered();
            }
            case EntityKey.OfTags tags ->
                new UserState.Tags(
                        data.content(jdbc, shard, tags.user(), tags.room(), EntityKey.TAGS)
                                .map(content -> JsonParser.parseObject(content, DatumLookup.KEPT))
                                .orElse(JsonObject.EMPTY),
                        data.item(jdbc, shard, tags.user(), tags.room(), EntityKey.TAGS));
            case EntityKey.OfDirect(UserId user) ->
                new UserState.Direct(
                        data.content(jdbc, shard, user, null, EntityKey.DIRECT)
                                .map(content -> JsonParser.parseObject(content, DatumLookup.KEPT))
                                .orElse(JsonObject.EMPTY),
                        data.item(jdbc, shard, user, null, EntityKey.DIRECT));
            case EntityKey.OfInherited one -> InheritedRoomTable.state(jdbc, shard, one.user(), one.room());
            case EntityKey.OfItem item -> data.item(jdbc, shard, item.user(), item.room(), item.type());
            case EntityKey.OfFilter filter ->
                new UserState.Filter(
                        filters.find(jdbc, shard, filter.user(), filter.id()).isPresent());
            case EntityKey.OfDehydrated(UserId user) -> DehydratedDeviceTable.state(jdbc, shard, user);
            case EntityKey.OfBackups(UserId user) -> keyBackups.versions(jdbc, shard, user);
            case EntityKey.OfBackupRoom room ->
                Objects.requireNonNull(
                        KeyBackupTables.rooms(jdbc, shard, List.of(room)).get(key));
            case EntityKey.OfBackupKey backedUp ->
                Objects.requireNonNull(
                        KeyBackupTables.keys(jdbc, shard, List.of(backedUp)).get(key));
            case EntityKey.OfInbox inbox ->
                Objects.requireNonNull(
                        ToDeviceTable.load(jdbc, shard, List.of(inbox)).get(key));
            case EntityKey.OfKeys(UserId user) -> keys.of(jdbc, shard, user);
            case EntityKey.OfOneTimeKeys device ->
                keys.oneTimeKeys(jdbc, shard, List.of(device)).getOrDefault(device, OneTimeKeys.NONE);
            case EntityKey.OfData(UserId user) -> filters.and(jdbc, shard, user, data.usage(jdbc, shard, user));
        };
    }

    /** What one command may name many of is loaded together. */
    @Override
    public String kind(String key) {
        String kind = key.substring(0, KIND);
        return TOGETHER.contains(kind) ? kind : key;
    }

    @Override
    public Map<String, UserState> load(JdbcClient jdbc, int shard, Collection<String> ofOneKind) {
        Map<String, UserState> states = new HashMap<>();
        List<EntityKey.OfInbox> inboxes = new ArrayList<>();
        List<EntityKey.OfOneTimeKeys> oneTime = new ArrayList<>();
        List<EntityKey.OfBackupRoom> rooms = new ArrayList<>();
        List<EntityKey.OfBackupKey> backedUp = new ArrayList<>();
        for (String key : ofOneKind) {
            switch (EntityKey.parse(key)) {
                case EntityKey.OfInbox inbox -> inboxes.add(inbox);
                case EntityKey.OfOneTimeKeys device -> oneTime.add(device);
                case EntityKey.OfBackupRoom room -> rooms.add(room);
                case EntityKey.OfBackupKey one -> backedUp.add(one);
                default -> states.put(key, load(jdbc, shard, key));
            }
        }
        if (!inboxes.isEmpty()) {
            states.putAll(ToDeviceTable.load(jdbc, shard, inboxes));
        }
        if (!oneTime.isEmpty()) {
            keys.oneTimeKeys(jdbc, shard, oneTime).forEach((device, theirs) -> states.put(device.text(), theirs));
        }
        if (!rooms.isEmpty()) {
            states.putAll(KeyBackupTables.rooms(jdbc, shard, rooms));
        }
        if (!backedUp.isEmpty()) {
            states.putAll(KeyBackupTables.keys(jdbc, shard, backedUp));
        }
        return states;
    }

    @Override
    public List<Numbered<AccountChange>> facts(JdbcClient jdbc, int shard, List<LogRow> rows) {
        return log.facts(jdbc, shard, rows);
    }

    /** The heaviest facts are those of account data. */
    @Override
    public int heaviestFact() {
        return 256 << 10;
    }

    @Override
    public long bytes(AccountChange change) {
        if (change instanceof AccountChange.ToDeviceAdded added) {
            return added.content().length;
        }
        if (change instanceof AccountChange.KeyBackupSet set && set.what() instanceof BackupChange.KeysPut put) {
            return put.keys().stream().mapToLong(key -> key.data().length).sum();
        }
        return switch (change.published()) {
            case AccountFact.AccountDataChanged data -> data.content().length;
            case AccountFact.ProfileChanged changed ->
                changed.profile().fields().values().stream()
                        .mapToLong(value -> value.length)
                        .sum();
            default -> 0;
        };
    }

    Optional<UserState.Account> account(JdbcClient jdbc, int shard, UserId user) {
        return accounts.find(
                jdbc,
                shard,
                user,
                devices.of(jdbc, shard, user),
                profiles.find(jdbc, shard, user).orElseGet(() -> ProfileTable.none(shard, user)));
    }
}
