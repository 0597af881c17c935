package io.myelin.clientsync.read;

import io.myelin.clientsync.ephemeral.PresenceCache;
import io.myelin.clientsync.sync.PresenceSection;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.presence.PresenceQueries;
import io.myelin.contracts.presence.PresenceState;
import io.myelin.contracts.presence.UserPresence;
import io.myelin.engine.ephemeral.ShardValues;
import io.myelin.engine.ephemeral.Versioned;
import io.myelin.matrix.id.UserId;
import io.myelin.web.JsonWriter;
import io.myelin.web.MatrixException;
import java.time.Clock;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code GET /presence/{userId}/status}. */
public final class PresenceReads {
    private static final long PATIENCE_MILLIS = 1_000;

    private final JoinedRooms joinedRooms;
    private final PresenceCache presence;
    private final PresenceQueries owner;
    private final Clock clock;

    /** @param owner asked first, since a user who has set their presence expects to read it */
    public PresenceReads(JoinedRooms joinedRooms, PresenceCache presence, PresenceQueries owner, Clock clock) {
        this.joinedRooms = joinedRooms;
        this.presence = presence;
        this.owner = owner;
        this.clock = clock;
    }

    /**
     * The presence of a user; offline if nothing is known of them.
     *
     * @throws MatrixException {@code M_FORBIDDEN} if the two are in no room together
     */
    public byte[] status(UserId viewer, UserId user) {
        if (!viewer.equals(user) && Collections.disjoint(joinedRooms.of(viewer), joinedRooms.of(user))) {
            throw new MatrixException(MatrixError.forbidden("You are in no room with this user."));
        }
        UserPresence now = current(user).orElseGet(() -> new UserPresence(user, PresenceState.OFFLINE, 0, false, null));
        JsonWriter out = new JsonWriter(128);
        PresenceSection.writeContent(out, now, clock.millis());
        return out.toBytes();
    }

    /**
     * The presence that the owner tells. If the owner does not answer within a second, or has only just become the
     * owner and does not know all users yet, the presence that is cached here.
     */
    private Optional<UserPresence> current(UserId user) {
        int shard = presence.shardNumber(user);
        FutureTask<ShardValues<UserPresence>> asking = new FutureTask<>(() -> owner.presenceOf(shard, user));
        Thread.ofVirtual().name("presence").start(asking);
        try {
            ShardValues<UserPresence> told = asking.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            if (told.asOf().epoch() == presence.position(shard).epoch()) {
                return told.values().stream().map(Versioned::value).findAny();
            }
        } catch (ExecutionException | TimeoutException e) {
            return presence.of(user);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return presence.of(user);
    }
}
