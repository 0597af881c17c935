package io.myelin.clientroomsend.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.Unavailable;
import io.myelin.contracts.presence.PresenceInput;
import io.myelin.contracts.presence.PresenceInput.SetPresence;
import io.myelin.contracts.presence.PresenceState;
import io.myelin.contracts.typing.SetTyping;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SignalPublisherTest {
    private static final RoomId ROOM = RoomId.parse("!room:localhost");
    private static final UserId ALICE = UserId.parse("@alice:localhost");

    private record Sent(String topic, int partition, String key, byte[] value) {}

    private final List<Sent> sent = new ArrayList<>();
    private final SignalPublisher publisher = new SignalPublisher(
            (topic, partition, key, value) -> {
                sent.add(new Sent(topic, partition, key, value));
                return CompletableFuture.completedFuture(null);
            },
            16);

    @Test
    void typingGoesToTheShardOfTheRoom() {
        var typing = new SetTyping(ROOM, ALICE, 5_000);
        publisher.send(typing);
        assertThat(sent).singleElement().satisfies(record -> {
            assertThat(record.topic()).isEqualTo("typing.input");
            assertThat(record.key()).isEqualTo(ROOM.value());
            assertThat(record.partition()).isEqualTo(Partitions.of(ROOM.value(), 16));
            assertThat(Cbor.decode(record.value(), SetTyping.class)).isEqualTo(typing);
        });
    }

    @Test
    void presenceGoesToTheShardOfTheUser() {
        var presence = new SetPresence(ALICE, PresenceState.UNAVAILABLE, "Lunch");
        publisher.send(presence);
        assertThat(sent).singleElement().satisfies(record -> {
            assertThat(record.topic()).isEqualTo("presence.input");
            assertThat(record.key()).isEqualTo(ALICE.value());
            assertThat(record.partition()).isEqualTo(Partitions.of(ALICE.value(), 16));
            assertThat(Cbor.decode(record.value(), PresenceInput.class)).isEqualTo(presence);
        });
    }

    @Test
    void whatCannotBeSentIsNotPassedOver() {
        var failing = new SignalPublisher(
                (topic, partition, key, value) -> CompletableFuture.failedFuture(new Unavailable("No broker")), 16);
        assertThatThrownBy(() -> failing.send(new SetTyping(ROOM, ALICE, 0))).isInstanceOf(Unavailable.class);
    }
}
