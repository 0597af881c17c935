package io.myelin.clientsync.cache;

import io.myelin.contracts.Unavailable;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.contracts.account.AccountQueries.DeviceListChanges;
import io.myelin.contracts.account.AccountQueries.OwnDeviceListChanges;
import io.myelin.engine.Committed;
import io.myelin.matrix.id.UserId;
import io.myelin.web.MatrixException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which users' device lists have changed, in all account shards. What happened before this process began to read is asked
 * of account-server once.
 */
public final class DeviceLists {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceLists.class);

    private final UserCache users;
    private final List<AccountShard> shards;
    private final AccountQueries accounts;
    private final Consumer<UserId> wholeLooks;

    /** @param wholeLooks counts that all members of a viewer's rooms are gone through; throws if that is too often */
    public DeviceLists(UserCache users, AccountQueries accounts, Consumer<UserId> wholeLooks) {
        this.users = users;
        this.shards = users.accountShards();
        this.accounts = accounts;
        this.wholeLooks = wholeLooks;
    }

    /**
     * The changes that one viewer may have to be told.
     *
     * @param next the positions up to which these are all changes
     * @param users whose devices have changed, as everybody sees who shares a room with them
     * @param own users whose keys look different to the viewer alone
     * @param known whether these are all; if not, any user's devices may have changed
     * @param complete whether all shards could be asked. Of the others nothing is told, and {@code next} stays where it was
     */
    public record Changes(List<Committed> next, Set<UserId> users, Set<UserId> own, boolean known, boolean complete) {}

    public List<Committed> positions() {
        return shards.stream().map(CachedShard::position).toList();
    }

    /**
     * Called before all members of a viewer's rooms are gone through, which costs much and is asked for by any old token.
     *
     * @throws MatrixException if that is too often
     */
    public void countWholeLook(UserId viewer) {
        wholeLooks.accept(viewer);
    }

    /** Whether all members of a viewer's rooms may be gone through now; counts it if so. */
    public boolean mayLookAtAll(UserId viewer) {
        try {
            countWholeLook(viewer);
            return true;
        } catch (MatrixException tooOften) {
            return false;
        }
    }

    /**
     * The changes after these positions. A position of another incarnation says nothing of what the client knows, so
     * everything counts as changed that ever did.
     */
    public Changes since(List<Committed> since, UserId viewer) {
        List<Committed> next = new ArrayList<>(shards.size());
        Set<UserId> changed = new HashSet<>();
        Set<UserId> own = new HashSet<>();
        boolean known = true;
        boolean complete = true;
        for (int shard = 0; shard < shards.size(); shard++) {
            try {
                AccountShard.DeviceListCut cut = cut(shard, since.get(shard), viewer);
                if (shard == users.accountShardNumber(viewer)) {
                    own.addAll(own(cut, viewer));
                }
                if (cut.shared() == null) {
                    // Told with this answer of all users, so the position of now is right.
                    known = false;
                } else {
                    changed.addAll(cut.shared());
                }
                next.add(cut.position());
            } catch (Unavailable e) {
                LOG.debug("The device lists of shard {} cannot be asked for now: {}", shard, e.getMessage());
                complete = false;
                next.add(since.get(shard));
            }
        }
        return new Changes(next, changed, own, known, complete);
    }

    private AccountShard.DeviceListCut cut(int number, Committed from, UserId viewer) {
        AccountShard shard = shards.get(number);
        AccountShard.DeviceListCut here = shard.deviceLists(from, viewer);
        if (here.shared() != null || !shard.canLearn(here.after())) {
            return here;
        }
        DeviceListChanges answer = accounts.deviceListChanges(number, here.after(), AccountShard.MOST_DEVICE_LISTS);
        shard.learn(answer, here.after());
        return shard.deviceLists(from, viewer);
    }

    /** What happened before this process began to read is asked for, for this viewer alone. */
    private List<UserId> own(AccountShard.DeviceListCut cut, UserId viewer) {
        if (cut.own() != null) {
            return cut.own();
        }
        OwnDeviceListChanges answer = accounts.ownDeviceListChanges(viewer, cut.after());
        if (answer.incarnation() != cut.position().incarnation()
                || answer.asOf() < cut.position().seq()) {
            throw new Unavailable("The answer is of another time than what is known here.");
        }
        return answer.users();
    }
}
