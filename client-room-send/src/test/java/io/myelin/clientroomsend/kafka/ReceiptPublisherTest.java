package io.myelin.clientroomsend.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.Position;
import io.myelin.contracts.Unavailable;
import io.myelin.contracts.receipt.Receipt;
import io.myelin.contracts.receipt.ReceiptAnswer;
import io.myelin.contracts.receipt.ReceiptCommand;
import io.myelin.contracts.receipt.ReceiptCommand.SetReceipts;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.web.MatrixException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ReceiptPublisherTest {
    private static final RoomId ROOM = RoomId.parse("!room:localhost");
    private static final SetReceipts COMMAND = new SetReceipts(
            ROOM,
            List.of(new Receipt(
                    UserId.parse("@alice:localhost"),
                    Receipt.PUBLIC,
                    "main",
                    EventId.parse("$event"),
                    new Position(1, 1, 7),
                    5)));

    private static ReceiptPublisher publisher(CommandClient.Sender sender) {
        return new ReceiptPublisher(new CommandClient(sender, 16, UUID::randomUUID, 1));
    }

    @Test
    void publishesToTheShardOfTheRoomAndReturnsOnceItIsDone() {
        var sent = new ArrayList<ReceiptCommand>();
        publisher((topic, partition, key, id, transaction, command) -> {
                    assertThat(topic).isEqualTo("receipt.input");
                    assertThat(partition).isEqualTo(Partitions.of(ROOM.value(), 16));
                    assertThat(key).isEqualTo(ROOM.value());
                    assertThat(transaction).isNull();
                    sent.add(Cbor.decode(command, ReceiptCommand.class));
                    return CompletableFuture.completedFuture(
                            Cbor.encode(new ReceiptAnswer.Done(new Position(1, 1, 1))));
                })
                .set(COMMAND);
        assertThat(sent).containsExactly(COMMAND);
    }

    @Test
    void passesOnARefusal() {
        var publisher =
                publisher((topic, partition, key, id, transaction, command) -> CompletableFuture.completedFuture(
                        Cbor.encode(new ReceiptAnswer.Refused(MatrixError.invalidParam("No.")))));
        assertThat(refusal(publisher).status()).isEqualTo(400);
    }

    @Test
    void answers504OnceTheDeadlineHasPassed() {
        var publisher = publisher((topic, partition, key, id, transaction, command) ->
                CompletableFuture.failedFuture(new Unavailable("No answer in 30 s.")));
        assertThat(refusal(publisher).status()).isEqualTo(504);
    }

    private static MatrixException refusal(ReceiptPublisher publisher) {
        return catchThrowableOfType(MatrixException.class, () -> publisher.set(COMMAND));
    }
}
