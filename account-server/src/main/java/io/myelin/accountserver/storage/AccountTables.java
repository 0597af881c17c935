package io.myelin.accountserver.storage;

import io.myelin.accountserver.account.AccountChange;
import io.myelin.accountserver.account.DatumLookup;
import io.myelin.accountserver.account.EntityKey;
import io.myelin.accountserver.account.KeyChange;
import io.myelin.accountserver.account.OneTimeKeys;
import io.myelin.accountserver.account.UserState;
import io.myelin.contracts.account.AccountFact;
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
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** All tables of account-server together. */
public final class AccountTables implements ServiceTables<UserState, AccountChange> {
    /** The service's schema. */
    public static final String SCHEMA = "account";

    private static final String ONE_TIME_KEYS = "otks:";

    private final AccountTable accounts = new AccountTable();
    final DeviceTable devices = new DeviceTable();
    final ProfileTable profiles = new ProfileTable();
    final AccountDataTable data = new AccountDataTable();
    final FilterTable filters = new FilterTable();
    final KeyTables keys = new KeyTables();
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
        return Stream.of(
                        List.of(accounts.rows, devices.rows, profiles.rows, data.rows, filters.rows),
                        keys.rows(),
                        List.of(superseded))
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public void write(int shard, Numbered<AccountChange> numbered) {
        long seq = numbered.seq();
        switch (numbered.fact()) {
            case AccountChange.AccountSet set -> accounts.put(shard, set.account());
            case AccountChange.DeviceSet set ->
                devices.put(shard, set.published().user(), set.device(), seq);
            case AccountChange.DataSet set -> data.put(shard, set.published(), set.deleted(), seq);
            case AccountChange.FilterSet set ->
                filters.put(shard, set.published().user(), set.published().filterId(), set.filter());
            case AccountChange.Plain(AccountFact.DeviceRemoved removed) -> {
                devices.remove(shard, removed.user(), removed.device(), seq);
                keys.removeDevice(shard, removed.user(), removed.device(), seq);
                LogEntry counts = AccountLog.countsOf(removed.user(), removed.device());
                superseded.add(shard, counts.kind(), counts.reference(), seq);
            }
            case KeyChange change -> keys.write(shard, change, seq);
            case AccountChange.Plain(AccountFact.ProfileChanged changed) -> profiles.put(shard, changed.profile());
            case AccountChange.Plain(AccountFact other) ->
                throw new IllegalArgumentException("Nothing says where to keep " + other);
        }
        LogEntry entry = entry(numbered.fact());
        if (AccountLog.supersedes(entry)) {
            superseded.add(shard, entry.kind(), entry.reference(), seq);
        }
    }

    @Override
    public LogEntry entry(AccountChange change) {
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
            case EntityKey.OfItem item -> data.item(jdbc, shard, item.user(), item.room(), item.type());
            case EntityKey.OfFilter filter ->
                new UserState.Filter(
                        filters.find(jdbc, shard, filter.user(), filter.id()).isPresent());
            case EntityKey.OfKeys(UserId user) -> keys.of(jdbc, shard, user);
            case EntityKey.OfOneTimeKeys device ->
                keys.oneTimeKeys(jdbc, shard, List.of(device)).getOrDefault(device, OneTimeKeys.NONE);
            case EntityKey.OfData(UserId user) -> filters.and(jdbc, shard, user, data.usage(jdbc, shard, user));
        };
    }

    @Override
    public String kind(String key) {
        return key.startsWith(ONE_TIME_KEYS) ? ONE_TIME_KEYS : key;
    }

    /** The one-time keys of all devices of a claim are loaded together. */
    @Override
    public Map<String, UserState> load(JdbcClient jdbc, int shard, Collection<String> ofOneKind) {
        Map<String, UserState> states = new HashMap<>();
        List<EntityKey.OfOneTimeKeys> devices = new ArrayList<>();
        for (String key : ofOneKind) {
            if (EntityKey.parse(key) instanceof EntityKey.OfOneTimeKeys device) {
                devices.add(device);
            } else {
                states.put(key, load(jdbc, shard, key));
            }
        }
        if (!devices.isEmpty()) {
            keys.oneTimeKeys(jdbc, shard, devices).forEach((device, theirs) -> states.put(device.text(), theirs));
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
