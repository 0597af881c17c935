package io.myelin.accountserver.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.accountserver.rendezvous.MeetingStore;
import io.myelin.accountserver.rendezvous.Meetings;
import io.myelin.accountserver.rendezvous.Rendezvous;
import io.myelin.accountserver.todevice.RemoteDevices;
import io.myelin.accountserver.todevice.ToDeviceMessages;
import io.myelin.contracts.Position;
import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.account.ToDeviceCommand.SendToDevice;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonObjectBuilder;
import io.myelin.web.AttemptLimit;
import io.myelin.web.MatrixException;
import io.myelin.web.address.ClientAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** How often messages are sent to devices, and meeting places used. */
class DeviceRatesTest {

    @Nested
    class ToDevice {
        private static final UserId ALICE = UserId.parse("@alice:example.org");
        private static final UserId BOB = UserId.parse("@bob:example.org");

        private final List<AccountCommand> executed = new ArrayList<>();
        private final ToDeviceController controller = new ToDeviceController(
                new ToDeviceMessages(
                        ServerName.parse("example.org"),
                        16,
                        (_, command) -> {
                            executed.add(command);
                            return new AccountAnswer.Done(new Position(0, 1, 1));
                        },
                        () -> new UUID(0, 1),
                        RemoteDevices.NONE),
                new AttemptLimit(() -> 10),
                new AttemptLimit(() -> 2));

        private void send(UserId sender, String type, String transaction, int devices) {
            JsonObjectBuilder all = JsonObject.builder();
            for (int i = 0; i < devices; i++) {
                all.put("D" + i, JsonObject.EMPTY);
            }
            controller.send(
                    new Session(sender, "DEVICE", false, false, 1),
                    type,
                    transaction,
                    JsonObject.of("messages", JsonObject.of(BOB.value(), all.build())));
        }

        private int messages() {
            return executed.stream()
                    .mapToInt(command -> ((SendToDevice) command).messages().size())
                    .sum();
        }

        /** A client that gives a room key to a thousand devices does so in one go. */
        @Test
        void aLargeRequestIsTakenAndThoseAfterItWait() {
            send(ALICE, "m.room.encrypted", "1", 1_000);
            assertThat(messages()).isEqualTo(1_000);
            assertThatThrownBy(() -> send(ALICE, "m.room.encrypted", "2", 1))
                    .isInstanceOfSatisfying(
                            MatrixException.class,
                            error -> assertThat(error.isOfRate()).isTrue());
            assertThat(messages()).isEqualTo(1_000);
            send(BOB, "m.room.encrypted", "1", 1);
            assertThat(messages()).as("of another user").isEqualTo(1_001);
        }

        @Test
        void requestsForRoomKeysAboveTheirRateAreDropped() {
            for (int i = 0; i < 5; i++) {
                send(ALICE, "m.room_key_request", "r" + i, 1);
            }
            assertThat(messages()).isEqualTo(2);
        }
    }

    @Nested
    class Rendezvouses {
        private static final ClientAddress SOMEWHERE = new ClientAddress("192.0.2.1", false);
        private static final ClientAddress ELSEWHERE = new ClientAddress("192.0.2.2", false);

        private final List<String> lookedUp = new ArrayList<>();

        private final class Store implements MeetingStore {
            @Override
            public boolean insert(String protocol, Rendezvous opened) {
                return true;
            }

            @Override
            public Optional<Rendezvous> find(String protocol, String id, long now) {
                lookedUp.add(id);
                return Optional.of(new Rendezvous(id, "text", "token", 0, 1));
            }

            @Override
            public boolean replace(String protocol, String id, String seen, String data, String token, long now) {
                return true;
            }

            @Override
            public boolean isRepeated(String protocol, String id, String seen, String data) {
                return false;
            }

            @Override
            public boolean delete(String protocol, String id, long now) {
                return true;
            }
        }

        private final RendezvousController controller = new RendezvousController(
                new Meetings(new Store(), "msc4388", Duration.ofMinutes(1), InstantSource.system(), new Random(1)),
                new AttemptLimit(() -> 1),
                new AttemptLimit(() -> 2),
                InstantSource.system());

        @Test
        void areUsedSoOftenByOneAddress() {
            String id = "a".repeat(24);
            controller.read(SOMEWHERE, id, Map.of());
            controller.close(SOMEWHERE, id);
            assertThatThrownBy(() -> controller.read(SOMEWHERE, id, Map.of())).isInstanceOf(MatrixException.class);
            controller.read(ELSEWHERE, id, Map.of());
            for (int i = 0; i < 5; i++) {
                controller.read(ClientAddress.OURS, id, Map.of());
            }
            assertThat(lookedUp).hasSize(7);
        }

        @Test
        void whatIsNoIdIsNotLookedUp() {
            for (String id : List.of("short", "b".repeat(25), "c".repeat(23) + "é", "d".repeat(23) + "/")) {
                assertThatThrownBy(() -> controller.read(ClientAddress.OURS, id, Map.of()))
                        .isInstanceOf(MatrixException.class);
            }
            assertThat(lookedUp).isEmpty();
        }
    }
}
