package io.myelin.clientroomsend.signal;

import io.myelin.contracts.NotOwner;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.Unavailable;
import io.myelin.contracts.presence.PresenceInput.SetPresence;
import io.myelin.contracts.presence.PresenceQueries;
import io.myelin.contracts.presence.UserPresence;
import java.time.Duration;
import java.util.Objects;

/**
 * Waits until presence-server shows the presence that a user has set, so that the user can read it after the answer. This
 * is not guaranteed: the wait also ends if presence-server does not answer, or if another device has set something else.
 */
public final class ShownPresence {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final PresenceQueries presence;
    private final int shards;
    private final Duration patience;

    public ShownPresence(PresenceQueries presence, int shards) {
        this(presence, shards, PATIENCE);
    }

    ShownPresence(PresenceQueries presence, int shards, Duration patience) {
        this.presence = presence;
        this.shards = shards;
        this.patience = patience;
    }

    void await(SetPresence set) {
        long deadline = System.nanoTime() + patience.toNanos();
        // A query to an owner in another process may take longer than the patience, so it runs on a thread of its own.
        Thread asking = Thread.ofVirtual().name("presence").start(() -> ask(set, deadline));
        try {
            var _ = asking.join(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask(SetPresence set, long deadline) {
        int shard = Partitions.of(set.user().value(), shards);
        try {
            while (!isShown(shard, set) && System.nanoTime() - deadline < 0) {
                Thread.sleep(PAUSE);
            }
        } catch (Unavailable | NotOwner e) {
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isShown(int shard, SetPresence set) {
        return presence.presenceOf(shard, set.user()).values().stream().anyMatch(value -> is(value.value(), set));
    }

    private static boolean is(UserPresence shown, SetPresence set) {
        return shown.presence() == set.presence() && Objects.equals(shown.statusMessage(), set.statusMessage());
    }
}
