package io.myelin.accountserver.storage;

import io.myelin.accountserver.account.AccountChange;
import io.myelin.accountserver.account.UserState;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.ShardQueries;
import io.myelin.contracts.Unavailable;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.contracts.account.Profile;
import io.myelin.contracts.account.Session;
import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.engine.ReplayPage;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.CommittedRow;
import io.myelin.postgres.ServiceDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Committed accounts, each query answered from one snapshot. */
public final class StoredAccounts implements AccountQueries {
    private static final Logger LOG = LoggerFactory.getLogger(StoredAccounts.class);

    private final int shards;
    private final ServiceDatabase database;
    private final AccountTables tables;
    private final ShardQueries<AccountChange> shardQueries;
    private final DeviceActivityTable activity;
    private final FirstUse firstUse;

    /** Is told of the first use of an access token that a refresh gave its client, before its session is found. */
    @FunctionalInterface
    public interface FirstUse {
        void of(UserId user, byte[] tokenHash);
    }

    /**
     * @param shardQueries answers what the engine itself stores
     * @param activity from where devices were seen
     * @param firstUse ends the refresh token before
     */
    public StoredAccounts(
            int shards,
            ServiceDatabase database,
            AccountTables tables,
            ShardQueries<AccountChange> shardQueries,
            DeviceActivityTable activity,
            FirstUse firstUse) {
        this.shards = shards;
        this.database = database;
        this.tables = tables;
        this.shardQueries = shardQueries;
        this.activity = activity;
        this.firstUse = firstUse;
    }

    /** The user with devices and password hash, for this service only. */
    public Optional<UserState.Account> account(UserId user) {
        return database.read(jdbc -> tables.account(jdbc, shard(user), user));
    }

    /** One item of account data. */
    public Optional<byte[]> accountData(UserId user, @Nullable RoomId room, String type) {
        return accountDatum(user, room, type);
    }

    @Override
    public Optional<byte[]> accountDatum(UserId user, @Nullable RoomId room, String type) {
        return database.read(jdbc -> tables.data.content(jdbc, shard(user), user, room, type));
    }

    @Override
    public Optional<Session> session(UserId user, byte[] tokenHash) {
        Optional<DeviceTable.Found> found =
                database.read(jdbc -> tables.devices.session(jdbc, shard(user), user, tokenHash));
        if (found.isPresent()
                && found.get().isUnused()
                && !found.get().session().isOver(System.currentTimeMillis())) {
            try {
                firstUse.of(user, tokenHash);
            } catch (Unavailable e) {
                // The user's shard moves just now. The session is valid; the next look at it ends the refresh token
                // before.
                LOG.debug("The first use of an access token is not noted yet", e);
            }
        }
        return found.map(DeviceTable.Found::session);
    }

    @Override
    public Optional<Profile> profile(UserId user) {
        int shard = shard(user);
        return database.read(jdbc -> {
            Optional<Profile> profile = tables.profiles.find(jdbc, shard, user);
            return profile.isPresent()
                    ? profile
                    : tables.account(jdbc, shard, user).map(UserState.Account::profile);
        });
    }

    @Override
    public List<UserId> erased(List<UserId> users) {
        return database.read(jdbc -> AccountTable.erased(jdbc, shards, users));
    }

    @Override
    public AccountData accountData(UserId user) {
        int shard = shard(user);
        return database.read(jdbc -> {
            Committed committed = CommittedRow.read(jdbc, shard);
            return new AccountData(
                    shard,
                    committed.incarnation(),
                    committed.seq(),
                    tables.data.of(jdbc, shard, user),
                    tables.keys.counts(jdbc, shard, user),
                    ToDeviceTable.filled(jdbc, shard, user));
        });
    }

    @Override
    public DeviceListChanges deviceListChanges(int shard, long after, int most) {
        return database.read(jdbc -> {
            Committed committed = CommittedRow.read(jdbc, shard);
            List<DeviceListChange> newest = AccountLog.deviceLists(jdbc, shard, after, most + 1);
            boolean complete = newest.size() <= most;
            return new DeviceListChanges(
                    committed.incarnation(),
                    complete ? after : newest.getLast().seq(),
                    committed.seq(),
                    complete ? newest : newest.subList(0, most));
        });
    }

    @Override
    public OwnDeviceListChanges ownDeviceListChanges(UserId viewer, long after) {
        int shard = shard(viewer);
        return database.read(jdbc -> {
            Committed committed = CommittedRow.read(jdbc, shard);
            List<UserId> users = new ArrayList<>(MasterKeySignatureTable.signedAfter(jdbc, shard, viewer, after));
            if (CrossSigningKeyTable.isUserSigningChanged(jdbc, shard, viewer, after)) {
                users.add(viewer);
            }
            return new OwnDeviceListChanges(committed.incarnation(), committed.seq(), users);
        });
    }

    /** The users' public keys, for this service only. */
    public StoredKeys keys() {
        return new StoredKeys(shards, database, tables.keys);
    }

    @Override
    public Optional<Standing> standing(UserId user) {
        return account(user).map(account -> new Standing(account.deactivated(), account.locked(), account.suspended()));
    }

    @Override
    public boolean devicesSeen(List<SeenDevice> devices) {
        activity.put(devices);
        return true;
    }

    @Override
    public Optional<byte[]> filter(UserId user, String filterId) {
        return database.read(jdbc -> tables.filters.find(jdbc, shard(user), user, filterId));
    }

    @Override
    public Committed committed(int shard) {
        return shardQueries.committed(shard);
    }

    @Override
    public List<Committed> allCommitted(int count) {
        return shardQueries.allCommitted(count);
    }

    @Override
    public ReplayPage<AccountFact> replay(int shard, long after, int limit) {
        ReplayPage<AccountChange> page = shardQueries.replay(shard, after, limit);
        List<Numbered<AccountFact>> facts = page.facts().stream()
                .map(change -> new Numbered<>(change.seq(), change.fact().published()))
                .toList();
        return new ReplayPage<>(page.incarnation(), facts, page.upTo(), page.committed());
    }

    private int shard(UserId user) {
        return Partitions.of(user.value(), shards);
    }
}
