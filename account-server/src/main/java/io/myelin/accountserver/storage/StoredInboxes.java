package io.myelin.accountserver.storage;

import io.myelin.accountserver.account.Inbox;
import io.myelin.accountserver.todevice.DehydratedDevice;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.Unavailable;
import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.AccountCommands;
import io.myelin.contracts.account.ToDeviceCommand;
import io.myelin.contracts.account.ToDeviceInboxes;
import io.myelin.matrix.id.UserId;
import io.myelin.postgres.ServiceDatabase;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The committed inboxes. A message is deleted by a command to its recipient's shard, like any other change. */
public final class StoredInboxes implements ToDeviceInboxes {
    /** How many messages that are too old are looked at together. */
    private static final int SLICE = 1_000;

    /** The most messages of a page, however many are asked for. */
    private static final int MOST = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(StoredInboxes.class);

    private final int shards;
    private final ServiceDatabase database;
    private final AccountCommands commands;
    private final Supplier<UUID> ids;

    public StoredInboxes(int shards, ServiceDatabase database, AccountCommands commands, Supplier<UUID> ids) {
        this.shards = shards;
        this.database = database;
        this.commands = commands;
        this.ids = ids;
    }

    @Override
    public InboxPage messages(UserId user, String device, long after, long upTo, int limit) {
        return database.read(jdbc -> ToDeviceTable.page(
                jdbc, Partitions.of(user.value(), shards), user, device, after, upTo, Math.clamp(limit, 1, MOST)));
    }

    @Override
    public boolean drop(UserId user, String device, long upTo) {
        AccountAnswer answer = commands.execute(ids.get(), new ToDeviceCommand.DropToDevice(user, device, upTo));
        if (!(answer instanceof AccountAnswer.Done)) {
            throw new Unavailable("The messages were not dropped: " + answer);
        }
        return true;
    }

    /** The user's dehydrated device; empty if there is none. */
    public Optional<DehydratedDevice> dehydratedDevice(UserId user) {
        return database.read(jdbc -> new DehydratedDeviceTable().find(jdbc, Partitions.of(user.value(), shards), user));
    }

    /**
     * Drops a slice of the messages that have waited too long.
     *
     * @param owned the shards of this instance: others drop those of theirs
     * @param now milliseconds since the epoch
     * @return whether there may be more
     */
    public boolean dropOld(List<Integer> owned, long now) {
        if (owned.isEmpty()) {
            return false;
        }
        List<ToDeviceTable.Stale> stale =
                database.read(jdbc -> ToDeviceTable.sentBefore(jdbc, owned, now - Inbox.KEPT_MILLIS, SLICE));
        boolean isAnyDropped = false;
        for (ToDeviceTable.Stale inbox : stale) {
            try {
                isAnyDropped |= drop(inbox.user(), inbox.device(), inbox.upTo());
            } catch (Unavailable e) {
                LOG.debug("Old messages of {} stay for now: {}", inbox.user().value(), e.getMessage());
            }
        }
        return isAnyDropped;
    }
}
