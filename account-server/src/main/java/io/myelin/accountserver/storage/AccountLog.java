package io.myelin.accountserver.storage;

import io.myelin.accountserver.account.AccountChange;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.AccountQueries.DeviceListChange;
import io.myelin.contracts.account.DehydratedDeviceChanged;
import io.myelin.contracts.account.KeyBackupFact;
import io.myelin.contracts.account.KeyFact;
import io.myelin.contracts.account.RoomInherited;
import io.myelin.contracts.account.ToDeviceFact;
import io.myelin.engine.Numbered;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonParser;
import io.myelin.postgres.LogEntry;
import io.myelin.postgres.LogRow;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataRetrievalFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Maps facts to rows of the log and back. A row's reference is a JSON array of the strings that identify the fact's row in
 * its table. A fact whose row has changed since is superseded: the later fact replaces it.
 */
final class AccountLog {
    private static final short REGISTERED = 1;
    private static final short DEACTIVATED = 2;
    private static final short PASSWORD = 3;
    private static final short DEVICE = 4;
    private static final short DEVICE_REMOVED = 5;
    private static final short PROFILE = 6;
    private static final short DATA = 7;
    private static final short FILTER = 8;
    private static final short RESTRICTED = 9;
    private static final short DEVICE_LIST = 20;
    private static final short USER_SIGNED = 21;
    private static final short KEY_COUNTS = 22;
    private static final short TO_DEVICE = 30;

    private final DeviceTable devices;
    private final ProfileTable profiles;
    private final AccountDataTable data;
    private final KeyTables keys;

    AccountLog(DeviceTable devices, ProfileTable profiles, AccountDataTable data, KeyTables keys) {
        this.devices = devices;
        this.profiles = profiles;
        this.data = data;
        this.keys = keys;
    }

    /** Null for a fact that only takes others away. */
    static @Nullable LogEntry entry(AccountFact fact) {
        return switch (fact) {
            case AccountFact.AccountRegistered f ->
                entry(REGISTERED, f.user().value(), f.admin() ? "admin" : "", f.guest() ? "guest" : "");
            case AccountFact.AccountDeactivated f -> entry(DEACTIVATED, f.user().value(), f.erased() ? "erased" : "");
            case AccountFact.AccountRestricted f ->
                entry(RESTRICTED, f.user().value(), f.locked() ? "locked" : "", f.suspended() ? "suspended" : "");
            case AccountFact.PasswordChanged f -> entry(PASSWORD, f.user().value());
            case AccountFact.DeviceChanged f -> entry(DEVICE, f.user().value(), f.device());
            case AccountFact.DeviceRemoved f -> entry(DEVICE_REMOVED, f.user().value(), f.device());
            case AccountFact.ProfileChanged f -> entry(PROFILE, f.user().value());
            case AccountFact.AccountDataChanged f ->
                entry(DATA, f.user().value(), AccountDataTable.room(f.room()), f.type());
            case AccountFact.FilterCreated f -> entry(FILTER, f.user().value(), f.filterId());
            case ToDeviceFact.ToDeviceArrived f -> toDevice(f.user(), f.device());
            case ToDeviceFact.ToDeviceDropped _, KeyBackupFact _, DehydratedDeviceChanged _, RoomInherited _ -> null;
            case KeyFact.DeviceListChanged(UserId user) -> entry(DEVICE_LIST, user.value());
            case KeyFact.UserSigned(UserId user, UserId signed) -> entry(USER_SIGNED, user.value(), signed.value());
            case KeyFact.KeyCountsChanged f -> countsOf(f.user(), f.device());
            case AccountFact.Unknown _ -> throw new IllegalArgumentException("An unknown fact cannot be decided.");
        };
    }

    /** Whether this entry replaces earlier ones of the same kind and reference. */
    static boolean supersedes(LogEntry entry) {
        return switch (entry.kind()) {
            case DEVICE, PROFILE, DATA, DEVICE_LIST, USER_SIGNED, KEY_COUNTS, TO_DEVICE -> true;
            default -> false;
        };
    }

    /** The entry of a device's newest to-device message. */
    static LogEntry toDevice(UserId user, String device) {
        return entry(TO_DEVICE, user.value(), device);
    }

    /** The entry that tells of a device's one-time and fallback keys. */
    static LogEntry countsOf(UserId user, String device) {
        return entry(KEY_COUNTS, user.value(), device);
    }

    /**
     * The newest changes of device lists that more than one user sees, after a number, newest first.
     *
     * @param most how many at most
     */
    static List<DeviceListChange> deviceLists(JdbcClient jdbc, int shard, long after, int most) {
        return jdbc.sql("""
                    SELECT seq, reference FROM log
                     WHERE shard = ? AND seq > ? AND kind = 20 ORDER BY seq DESC LIMIT ?\
                    """)
                .params(shard, after, most)
                .query((row, _) -> new DeviceListChange(
                        row.getLong(1), null, new UserId(names(row.getString(2)).getFirst())))
                .list();
    }

    List<Numbered<AccountChange>> facts(JdbcClient jdbc, int shard, List<LogRow> rows) {
        List<Numbered<AccountChange>> facts = new ArrayList<>(rows.size());
        for (LogRow row : rows) {
            fact(jdbc, shard, row)
                    .ifPresent(fact -> facts.add(new Numbered<>(row.seq(), new AccountChange.Plain(fact))));
        }
        return facts;
    }

    private Optional<AccountFact> fact(JdbcClient jdbc, int shard, LogRow row) {
        String reference = row.reference();
        if (reference == null) {
            throw new DataRetrievalFailureException(
                    "Row " + row.seq() + " of the log of shard " + shard + " names nothing.");
        }
        List<String> names = names(reference);
        UserId user = new UserId(names.getFirst());
        return switch (row.kind()) {
            case REGISTERED ->
                Optional.of(new AccountFact.AccountRegistered(
                        user, names.get(1).equals("admin"), names.get(2).equals("guest")));
            // Earlier releases, which could not erase users, wrote one string only.
            case DEACTIVATED ->
                Optional.of(new AccountFact.AccountDeactivated(
                        user, names.size() > 1 && names.get(1).equals("erased")));
            case RESTRICTED ->
                Optional.of(new AccountFact.AccountRestricted(
                        user, names.get(1).equals("locked"), names.get(2).equals("suspended")));
            case PASSWORD -> Optional.of(new AccountFact.PasswordChanged(user));
            case DEVICE -> devices.changed(jdbc, shard, user, names.get(1), row.seq());
            case DEVICE_REMOVED -> Optional.of(new AccountFact.DeviceRemoved(user, names.get(1)));
            case PROFILE ->
                profiles.find(jdbc, shard, user)
                        .filter(profile -> profile.at().seq() == row.seq())
                        .map(profile -> new AccountFact.ProfileChanged(user, profile));
            case DATA ->
                data.changed(
                        jdbc,
                        shard,
                        user,
                        names.get(1).isEmpty() ? null : new RoomId(names.get(1)),
                        names.get(2),
                        row.seq());
            case TO_DEVICE -> Optional.of(new ToDeviceFact.ToDeviceArrived(user, names.get(1)));
            case FILTER -> Optional.of(new AccountFact.FilterCreated(user, names.get(1)));
            case DEVICE_LIST -> Optional.of(new KeyFact.DeviceListChanged(user));
            case USER_SIGNED -> Optional.of(new KeyFact.UserSigned(user, new UserId(names.get(1))));
            case KEY_COUNTS -> Optional.of(keys.counted(jdbc, shard, user, names.get(1)));
            default -> Optional.of(new AccountFact.Unknown(user));
        };
    }

    private static LogEntry entry(short kind, String... names) {
        return new LogEntry(kind, JsonArray.ofStrings(List.of(names)).toString());
    }

    private static List<String> names(String reference) {
        if (JsonParser.parse(reference.getBytes(StandardCharsets.UTF_8)) instanceof JsonArray array) {
            return array.strings().toList();
        }
        throw new DataRetrievalFailureException("The log names something by no array: " + reference);
    }
}
