package io.myelin.clientsync.cache;

import io.myelin.contracts.Unavailable;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.contracts.account.AccountQueries.DeviceListChange;
import io.myelin.contracts.account.AccountQueries.DeviceListChanges;
import io.myelin.engine.Committed;
import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which users' device lists have changed, in all account shards. What happened before this process began to read is asked
 * of account-server once.
 */
public final class DeviceLists {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceLists.class);

    private final List<AccountShard> shards;
    private final AccountQueries accounts;

    public DeviceLists(UserCache users, AccountQueries accounts) {
        this.shards = users.accountShards();
        this.accounts = accounts;
    }

    /**
     * The changes that one viewer may have to be told.
     *
     * @param next the positions up to which these are all changes
     * @param users whose devices have changed, as everybody sees who shares a room with them
     * @param own users whose keys look different to the viewer alone
     * @param known whether these are all; if not, any user's devices may have changed
     */
    public record Changes(List<Committed> next, Set<UserId> users, Set<UserId> own, boolean known) {}

    public List<Committed> positions() {
        return shards.stream().map(CachedShard::position).toList();
    }

    /**
     * The changes after these positions. A position of another incarnation says nothing of what the client knows, so
     * everything counts as changed that ever did.
     */
    public Changes since(List<Committed> since, UserId viewer) {
        List<Committed> next = new ArrayList<>(shards.size());
        Set<UserId> users = new HashSet<>();
        Set<UserId> own = new HashSet<>();
        boolean known = true;
        for (int shard = 0; shard < shards.size(); shard++) {
            Committed from = since.get(shard);
            Optional<AccountShard.DeviceListCut> cut = cut(shard, from);
            if (cut.isEmpty()) {
                // Told with this answer of all users, so the position of now is right.
                known = false;
                next.add(shards.get(shard).position());
                continue;
            }
            next.add(cut.get().position());
            for (DeviceListChange change : cut.get().changes()) {
                if (change.viewer() == null) {
                    users.add(change.user());
                } else if (change.viewer().equals(viewer)) {
                    own.add(change.user());
                }
            }
        }
        return new Changes(next, users, own, known);
    }

    /** Empty if the changes are too many, or cannot be asked for now. */
    private Optional<AccountShard.DeviceListCut> cut(int number, Committed from) {
        AccountShard shard = shards.get(number);
        Optional<AccountShard.DeviceListCut> here = shard.deviceLists(from);
        if (here.isPresent() || !shard.canLearn()) {
            return here;
        }
        try {
            long after = from.incarnation() == shard.position().incarnation() ? from.seq() : 0;
            DeviceListChanges answer = accounts.deviceListChanges(number, after, AccountShard.MOST_DEVICE_LISTS);
            shard.learn(answer);
        } catch (Unavailable e) {
            LOG.debug("The changes of device lists in shard {} cannot be asked for now: {}", number, e.getMessage());
        }
        return shard.deviceLists(from);
    }
}
