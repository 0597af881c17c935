package io.myelin.clientroomsend.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.Unavailable;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand;
import io.myelin.contracts.room.RoomCommand.DeleteAlias;
import io.myelin.contracts.room.RoomCommand.ForgetRoom;
import io.myelin.engine.shard.TransactionKey;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.web.MatrixException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RoomCommandPublisherTest {
    private static final UserId ALICE = UserId.parse("@alice:localhost");
    private static final RoomId ROOM = RoomId.parse("!room:localhost");
    private static final RoomAlias ALIAS = RoomAlias.parse("#pub:localhost");
    private static final RoomAnswer REFUSED = new RoomAnswer.Refused(MatrixError.forbidden("No."));

    @Test
    void publishesToTheShardOfWhatTheCommandIsFor() {
        RoomCommandPublisher publisher = publisher((topic, partition, key, id, transaction, command) -> {
            assertThat(topic).isEqualTo("room.input");
            assertThat(partition).isEqualTo(Partitions.of(key, 16));
            boolean forRoom = Cbor.decode(command, RoomCommand.class) instanceof ForgetRoom;
            assertThat(key).isEqualTo(forRoom ? ROOM.value() : ALIAS.value());
            return CompletableFuture.completedFuture(Cbor.encode(REFUSED));
        });
        assertThat(publisher.execute(new ForgetRoom(ROOM, ALICE), null)).isEqualTo(REFUSED);
        assertThat(publisher.execute(new DeleteAlias(ALIAS, ALICE, true), new TransactionKey(1, 2)))
                .isEqualTo(REFUSED);
    }

    @Test
    void answers504OnceTheDeadlineHasPassed() {
        RoomCommandPublisher publisher = publisher((topic, partition, key, id, transaction, command) ->
                CompletableFuture.failedFuture(new Unavailable("No answer in 30 s.")));
        assertThat(refusal(publisher).status()).isEqualTo(504);
    }

    @Test
    void answers429BeyondTheCommandsThatMayBeInFlight() throws InterruptedException {
        var sent = new CompletableFuture<Void>();
        var answer = new CompletableFuture<byte[]>();
        RoomCommandPublisher publisher = publisher((topic, partition, key, id, transaction, command) -> {
            sent.complete(null);
            return answer;
        });
        Thread first = Thread.ofVirtual().start(() -> publisher.execute(new ForgetRoom(ROOM, ALICE), null));
        sent.join();
        MatrixException refused = refusal(publisher);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.body().integer("retry_after_ms")).isPresent();
        answer.complete(Cbor.encode(REFUSED));
        first.join();
        assertThat(publisher.execute(new ForgetRoom(ROOM, ALICE), null)).isEqualTo(REFUSED);
    }

    private static MatrixException refusal(RoomCommandPublisher publisher) {
        return catchThrowableOfType(MatrixException.class, () -> publisher.execute(new ForgetRoom(ROOM, ALICE), null));
    }

    private static RoomCommandPublisher publisher(CommandClient.Sender sender) {
        return new RoomCommandPublisher(new CommandClient(sender, 16, UUID::randomUUID, 1));
    }
}
