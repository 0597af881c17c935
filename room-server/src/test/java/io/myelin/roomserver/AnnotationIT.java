package io.myelin.roomserver;

import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.refused;
import static io.myelin.roomserver.TestShard.sent;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.SendEvent;
import io.myelin.engine.shard.TransactionKey;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Reactions are counted from what is stored. */
class AnnotationIT {
    @AutoClose
    private static final RunningRoomServer server = new RunningRoomServer();

    private final RoomId room = server.create(server.aRoom());
    private final EventId message = server.send(room, EventTypes.MESSAGE, null, "{\"body\":\"Hello\"}");

    private String reaction(String key) {
        return "{\"m.relates_to\":{\"event_id\":\"" + message + "\",\"key\":\"" + key
                + "\",\"rel_type\":\"m.annotation\"}}";
    }

    private RoomAnswer react(String key) {
        return server.trySend(room, "m.reaction", null, reaction(key));
    }

    private RoomAnswer react(String key, TransactionKey transaction) {
        return Cbor.decode(
                server.send(
                                Partitions.of(room.value(), RunningRoomServer.SHARDS),
                                room.value(),
                                transaction,
                                new SendEvent(
                                        room,
                                        new Requester(ALICE, "DEVICE", "one"),
                                        "m.reaction",
                                        null,
                                        reaction(key).getBytes(UTF_8),
                                        null,
                                        null,
                                        null))
                        .join(),
                RoomAnswer.class);
    }

    @Test
    void aRepeatedTransactionHasTheSameAnswerAndNotAnError() {
        TransactionKey transaction = new TransactionKey(7, message.hashCode());
        EventId reaction = sent(react("👍", transaction));
        assertThat(sent(react("👍", transaction))).isEqualTo(reaction);
        assertThat(refused(react("👍")).errcode()).isEqualTo("M_DUPLICATE_ANNOTATION");
    }

    @Test
    void aReactionIsRememberedOverARestartAndForgottenWithItsRedaction() throws Exception {
        EventId reaction = sent(react("\\\"quoted\\\" ü"));
        server.restart();
        assertThat(refused(react("\\\"quoted\\\" ü")).errcode()).isEqualTo("M_DUPLICATE_ANNOTATION");
        server.redact(room, reaction);
        server.restart();
        sent(react("\\\"quoted\\\" ü"));
    }

    @Test
    void whatOnlyLooksLikeTheReactionIsNone() throws Exception {
        server.send(
                room,
                "m.reaction",
                null,
                "{\"m.relates_to\":{\"event_id\":\"" + message + "\",\"key\":\"other\",\"rel_type\":\"m.annotation\"},"
                        + "\"x\":{\"key\":\"👍\"}}");
        server.restart();
        sent(react("👍"));
    }
}
