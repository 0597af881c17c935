package io.myelin.clientroomsend.signal;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.Partitions;
import io.myelin.contracts.Unavailable;
import io.myelin.contracts.presence.PresenceInput.SetPresence;
import io.myelin.contracts.presence.PresenceQueries;
import io.myelin.contracts.presence.PresenceState;
import io.myelin.contracts.presence.UserPresence;
import io.myelin.engine.ephemeral.ShardValues;
import io.myelin.engine.ephemeral.Version;
import io.myelin.engine.ephemeral.Versioned;
import io.myelin.matrix.id.UserId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShownPresenceTest {
    private static final int SHARDS = 4;
    private static final UserId ALICE = new UserId("@alice:localhost");
    private static final SetPresence HERE = new SetPresence(ALICE, PresenceState.ONLINE, "here");

    /** A presence-server that shows the new presence from the {@code after}th query on. */
    private static final class Owner implements PresenceQueries {
        private final int after;
        int asked;

        Owner(int after) {
            this.after = after;
        }

        @Override
        public ShardValues<UserPresence> values(int shard) {
            throw new IllegalStateException("Nobody needs everybody");
        }

        @Override
        public ShardValues<UserPresence> presenceOf(int shard, UserId user) {
            assertThat(shard).isEqualTo(Partitions.of(user.value(), SHARDS));
            asked++;
            Version version = new Version(1, asked);
            return new ShardValues<>(
                    version,
                    asked < after
                            ? List.of()
                            : List.of(new Versioned<>(
                                    version, new UserPresence(user, PresenceState.ONLINE, 1, true, "here"))));
        }
    }

    @Test
    void isAwaited() {
        Owner owner = new Owner(3);

        new ShownPresence(owner, SHARDS, Duration.ofMinutes(1)).await(HERE);

        assertThat(owner.asked).isEqualTo(3);
    }

    @Test
    void isNotAwaitedForEver() {
        Owner owner = new Owner(Integer.MAX_VALUE);
        Duration patience = Duration.ofMillis(50);
        long before = System.nanoTime();

        new ShownPresence(owner, SHARDS, patience).await(HERE);

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(patience);
    }

    @Test
    void isNotAwaitedWhereNobodyCanBeAsked() {
        int[] asked = {0};
        PresenceQueries nobody = new PresenceQueries() {
            @Override
            public ShardValues<UserPresence> values(int shard) {
                throw new Unavailable("There is no owner");
            }

            @Override
            public ShardValues<UserPresence> presenceOf(int shard, UserId user) {
                asked[0]++;
                throw new Unavailable("There is no owner");
            }
        };

        new ShownPresence(nobody, SHARDS).await(HERE);

        assertThat(asked[0]).isOne();
    }
}
