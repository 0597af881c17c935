package io.myelin.clientsync.park;

import io.myelin.clientsync.cache.GlobalCache;
import io.myelin.clientsync.cache.SharedRooms;
import io.myelin.clientsync.cache.UserCache;
import io.myelin.contracts.Unavailable;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes the users who share a room with a user whose presence, or whose device list, has changed. Rooms with very many
 * members may wake nobody: there the next answer tells. One task handles the changes one by one, so that a storm of them costs one thread, and a
 * user who changes twice meanwhile counts once.
 */
public final class PresenceNews {
    private static final Logger LOG = LoggerFactory.getLogger(PresenceNews.class);

    private final WaitingRequests waitingRequests;
    private final GlobalCache rooms;
    private final UserCache users;
    private final SharedRooms shared;
    private final IntSupplier mostMembers;
    private final Executor executor;
    private final LinkedHashSet<UserId> changed = new LinkedHashSet<>();
    private boolean running;

    /**
     * @param mostMembers how many members a room may have for any of them to be woken
     * @param executor its tasks block
     */
    public PresenceNews(
            WaitingRequests waitingRequests,
            GlobalCache rooms,
            UserCache users,
            SharedRooms shared,
            IntSupplier mostMembers,
            Executor executor) {
        this.waitingRequests = waitingRequests;
        this.rooms = rooms;
        this.users = users;
        this.shared = shared;
        this.mostMembers = mostMembers;
        this.executor = executor;
    }

    /** Notes that something of a user has changed. Returns at once. */
    public void of(UserId user) {
        if (waitingRequests.isEmpty()) {
            return;
        }
        synchronized (changed) {
            changed.add(user);
            if (running) {
                return;
            }
            running = true;
        }
        executor.execute(this::goThrough);
    }

    private void goThrough() {
        while (true) {
            UserId user;
            synchronized (changed) {
                if (changed.isEmpty()) {
                    running = false;
                    return;
                }
                user = changed.removeFirst();
            }
            try {
                wakeWhoSees(user);
            } catch (Unavailable e) {
                LOG.debug("Whoever sees {} hears of their presence with the next answer: {}", user, e.getMessage());
            } catch (RuntimeException bug) {
                LOG.error("A change of presence was not announced", bug);
            }
        }
    }

    private void wakeWhoSees(UserId user) {
        waitingRequests.of(user);
        users.ensure(user);
        Set<UserId> seeing = new HashSet<>();
        for (RoomId room : shared.joined(user)) {
            seeing.addAll(rooms.shardOf(room).watching(room, mostMembers.getAsInt()));
        }
        seeing.remove(user);
        seeing.forEach(waitingRequests::of);
    }
}
