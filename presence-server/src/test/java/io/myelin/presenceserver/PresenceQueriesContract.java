package io.myelin.presenceserver;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.myelin.contracts.Partitions;
import io.myelin.contracts.presence.PresenceInput.SetPresence;
import io.myelin.contracts.presence.PresenceQueries;
import io.myelin.contracts.presence.PresenceState;
import io.myelin.contracts.presence.UserPresence;
import io.myelin.engine.ephemeral.ShardValues;
import io.myelin.engine.ephemeral.Versioned;
import io.myelin.matrix.id.UserId;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What {@link PresenceQueries} answer, in this process and over HTTP. */
abstract class PresenceQueriesContract {
    private static final AtomicInteger USERS = new AtomicInteger();

    abstract PresenceQueries queries();

    /** Sets a user's presence; returns when that is in the topic. */
    abstract void set(SetPresence presence);

    private static UserId aUser() {
        return UserId.parse("@queried" + USERS.incrementAndGet() + ":example.org");
    }

    private static int shardOf(UserId user) {
        return Partitions.of(user.value(), PresenceServerIT.SHARDS);
    }

    @Test
    void tellThePresenceOfOneUserAndOfAll() {
        UserId user = aUser();
        int shard = shardOf(user);
        set(new SetPresence(user, PresenceState.ONLINE, "in a meeting"));
        await().atMost(30, SECONDS)
                .untilAsserted(
                        () -> assertThat(queries().presenceOf(shard, user).values())
                                .extracting(Versioned::value)
                                .extracting(UserPresence::presence)
                                .containsExactly(PresenceState.ONLINE));
        ShardValues<UserPresence> one = queries().presenceOf(shard, user);
        assertThat(one.values().getFirst().value().statusMessage()).isEqualTo("in a meeting");
        assertThat(queries().values(shard).values())
                .extracting(Versioned::value)
                .extracting(UserPresence::user)
                .contains(user);
    }

    @Test
    void tellNothingOfAUserWhoIsNotKnown() {
        UserId user = aUser();
        assertThat(queries().presenceOf(shardOf(user), user).values()).isEmpty();
    }
}
