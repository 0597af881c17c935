package io.myelin.clientroomsend.membership;

import io.myelin.clientroomsend.lookup.RoomState;
import io.myelin.clientroomsend.lookup.RoomStates;
import io.myelin.contracts.account.AccountCommands;
import io.myelin.contracts.account.InheritRoom;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.state.StateKey;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets what a user has set for a room follow into its replacement before their request is answered, so that their next request
 * sees it. This is for speed alone: room-server's decision has ordered the same, which is done whatever becomes of this
 * process. So nothing here fails a request, and none waits longer than {@link #PATIENCE}.
 */
public final class Inheritance {
    private static final Logger LOG = LoggerFactory.getLogger(Inheritance.class);

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final StateKey TOMBSTONE = new StateKey(EventTypes.TOMBSTONE, "");

    private final RoomStates states;
    private final AccountCommands accounts;
    private final Supplier<UUID> ids;

    public Inheritance(RoomStates states, AccountCommands accounts, Supplier<UUID> ids) {
        this.states = states;
        this.accounts = accounts;
        this.ids = ids;
    }

    /**
     * The user has joined a room that says it replaces another one.
     *
     * @param from the replaced room; its tombstone must name the new room, and the user must be or have been in it
     */
    public void follow(UserId user, RoomId from, RoomId to) {
        CompletableFuture<Void> done =
                CompletableFuture.runAsync(() -> inherit(user, from, to), Thread::startVirtualThread);
        try {
            done.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("What {} has set for {} follows into {} later", user, from, to, e);
        }
    }

    private void inherit(UserId user, RoomId from, RoomId to) {
        boolean follows = states.current(from, TOMBSTONE, new StateKey(EventTypes.MEMBER, user.value()))
                .filter(old -> wasIn(old, user))
                .flatMap(old -> old.text(EventTypes.TOMBSTONE, "replacement_room"))
                .filter(to.value()::equals)
                .isPresent();
        if (follows) {
            accounts.execute(ids.get(), new InheritRoom(user, from, to));
        }
    }

    private static boolean wasIn(RoomState room, UserId user) {
        if (room.get(EventTypes.MEMBER, user.value()) == null) {
            return false;
        }
        Membership membership = room.membership(user);
        return membership == Membership.JOIN || membership == Membership.LEAVE;
    }
}
