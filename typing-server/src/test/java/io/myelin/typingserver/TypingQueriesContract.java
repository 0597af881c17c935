package io.myelin.typingserver;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.myelin.contracts.Partitions;
import io.myelin.contracts.typing.RoomTyping;
import io.myelin.contracts.typing.TypingQueries;
import io.myelin.engine.ephemeral.ShardValues;
import io.myelin.engine.ephemeral.Versioned;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What {@link TypingQueries} answer, in this process and over HTTP. */
abstract class TypingQueriesContract {
    private static final UserId ALICE = UserId.parse("@alice:example.org");
    private static final UserId BOB = UserId.parse("@bob:example.org");
    private static final AtomicInteger ROOMS = new AtomicInteger();

    abstract TypingQueries queries();

    /** Says that a user types; returns when that is in the topic. */
    abstract void says(RoomId where, UserId user, long timeoutMillis);

    private static RoomId aRoom() {
        return RoomId.parse("!queried" + ROOMS.incrementAndGet() + ":example.org");
    }

    private ShardValues<RoomTyping> valuesOf(RoomId room) {
        return queries().values(Partitions.of(room.value(), TypingServerIT.SHARDS));
    }

    private void awaitTyping(RoomId room, List<UserId> users) {
        await().atMost(30, SECONDS)
                .untilAsserted(() -> assertThat(valuesOf(room).values())
                        .extracting(Versioned::value)
                        .contains(new RoomTyping(room, users)));
    }

    @Test
    void tellWhoTypesAndForAWhileThatNobodyDoes() {
        RoomId room = aRoom();
        says(room, ALICE, 60_000);
        says(room, BOB, 60_000);
        awaitTyping(room, List.of(ALICE, BOB));
        says(room, ALICE, 0);
        says(room, BOB, 0);
        awaitTyping(room, List.of());
    }

    @Test
    void tellOnlyOfRoomsOfTheirShard() {
        RoomId room = aRoom();
        says(room, ALICE, 60_000);
        awaitTyping(room, List.of(ALICE));
        for (int shard = 0; shard < TypingServerIT.SHARDS; shard++) {
            int own = shard;
            assertThat(queries().values(shard).values())
                    .allMatch(typing -> Partitions.of(typing.value().room().value(), TypingServerIT.SHARDS) == own);
        }
    }
}
