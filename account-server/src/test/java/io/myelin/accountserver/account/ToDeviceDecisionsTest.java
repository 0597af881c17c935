package io.myelin.accountserver.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountCommand.NewDevice;
import io.myelin.contracts.account.AccountFact;
import io.myelin.contracts.account.ToDeviceCommand;
import io.myelin.contracts.account.ToDeviceCommand.SendToDevice;
import io.myelin.contracts.account.ToDeviceCommand.ToDeviceMessage;
import io.myelin.contracts.account.ToDeviceFact.ToDeviceArrived;
import io.myelin.contracts.account.ToDeviceFact.ToDeviceDropped;
import io.myelin.matrix.id.UserId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ToDeviceDecisionsTest {
    private static final UserId ALICE = UserId.parse("@alice:example.org");
    private static final UserId BOB = UserId.parse("@bob:example.org");

    private final Lane lane = new Lane();

    @BeforeEach
    void twoUsers() {
        lane.decide(new AccountCommand.Register(ALICE, null, device("PHONE", 1), false, false, null));
        lane.decide(new AccountCommand.BeginSession(ALICE, device("LAPTOP", 2)));
        lane.decide(new AccountCommand.Register(BOB, null, device("TABLET", 3), false, false, null));
    }

    private static NewDevice device(String id, int token) {
        byte[] hash = new byte[32];
        hash[0] = (byte) token;
        return new NewDevice(id, null, hash);
    }

    private static ToDeviceMessage message(UserId user, String device, String content) {
        return new ToDeviceMessage(user, device, content.getBytes(StandardCharsets.UTF_8));
    }

    private static SendToDevice send(ToDeviceMessage... messages) {
        return new SendToDevice(messages[0].user(), BOB, "m.test", List.of(messages), null);
    }

    private Inbox inbox(UserId user, String device) {
        return (Inbox) lane.state(new EntityKey.OfInbox(user, device));
    }

    @Test
    void numbersTheMessagesOfEachDevice() {
        var result = lane.decide(send(message(ALICE, "PHONE", "{\"a\":1}"), message(BOB, "TABLET", "{}")));
        assertThat(result.facts())
                .containsExactly(new ToDeviceArrived(ALICE, "PHONE"), new ToDeviceArrived(BOB, "TABLET"));
        assertThat(inbox(ALICE, "PHONE").last()).isLessThan(inbox(BOB, "TABLET").last());
        assertThat(result.decision().facts().getFirst())
                .isInstanceOfSatisfying(AccountChange.ToDeviceAdded.class, added -> {
                    assertThat(added.sender()).isEqualTo(BOB);
                    assertThat(added.type()).isEqualTo("m.test");
                    assertThat(added.content()).asString().isEqualTo("{\"a\":1}");
                    assertThat(added.dropUpTo()).isZero();
                });
    }

    @Test
    void goesToAllDevicesOfAUser() {
        var result = lane.decide(send(message(ALICE, "*", "{}")));
        assertThat(result.facts())
                .containsExactly(new ToDeviceArrived(ALICE, "LAPTOP"), new ToDeviceArrived(ALICE, "PHONE"));
    }

    @Test
    void prefersTheMessageForOneDevice() {
        var result = lane.decide(send(message(ALICE, "*", "{\"all\":1}"), message(ALICE, "PHONE", "{\"one\":1}")));
        assertThat(result.decision().facts())
                .map(change -> new String(((AccountChange.ToDeviceAdded) change).content(), StandardCharsets.UTF_8))
                .containsExactly("{\"one\":1}", "{\"all\":1}");
    }

    @Test
    void passesOverWhoDoesNotExist() {
        var result = lane.decide(
                send(message(UserId.parse("@nobody:example.org"), "*", "{}"), message(ALICE, "ABSENT", "{}")));
        assertThat(result.facts()).isEmpty();
        assertThat(result.decision().accepted()).isTrue();
        lane.decide(new AccountCommand.Logout(ALICE, List.of("PHONE"), null));
        assertThat(lane.decide(send(message(ALICE, "PHONE", "{}"))).facts()).isEmpty();
    }

    @Test
    void refusesALargeMessageForManyDevices() {
        String large = "{\"a\":\"" + "x".repeat((int) (ToDeviceDecisions.MOST_BYTES / 2)) + "\"}";
        lane.decide(send(message(ALICE, "*", large))).isRefused(413, "M_TOO_LARGE");
    }

    @Nested
    class WithMessages {
        @BeforeEach
        void threeMessages() {
            IntStream.range(0, 3).forEach(_ -> lane.decide(send(message(ALICE, "PHONE", "{}"))));
        }

        @Test
        void dropsThoseUpToANumber() {
            long second = inbox(ALICE, "PHONE").first() + 1;
            List<AccountFact> facts = lane.decide(new ToDeviceCommand.DropToDevice(ALICE, "PHONE", second))
                    .facts();
            assertThat(facts).containsExactly(new ToDeviceDropped(ALICE, "PHONE", second));
            assertThat(inbox(ALICE, "PHONE").size()).isEqualTo(1);
            assertThat(lane.decide(new ToDeviceCommand.DropToDevice(ALICE, "PHONE", second))
                            .facts())
                    .isEmpty();
        }

        /** A number that is not reached yet must not take what comes later. */
        @Test
        void dropsNothingThatIsNotThereYet() {
            long last = inbox(ALICE, "PHONE").last();
            var result = lane.decide(new ToDeviceCommand.DropToDevice(ALICE, "PHONE", Long.MAX_VALUE));
            assertThat(result.facts()).containsExactly(new ToDeviceDropped(ALICE, "PHONE", last));
        }
    }

    @Nested
    class TheInbox {
        @Test
        void letsTheOldestGiveWayToTheNewest() {
            Inbox inbox = Inbox.EMPTY;
            for (int i = 1; i <= Inbox.MOST_MESSAGES; i++) {
                inbox = inbox.with(i, 10).inbox();
            }
            Inbox.Grown grown = inbox.with(20_000, 10);
            assertThat(grown.droppedUpTo()).isEqualTo(1);
            assertThat(grown.inbox().size()).isEqualTo(Inbox.MOST_MESSAGES);
            assertThat(grown.inbox().first()).isEqualTo(2);
            assertThat(grown.inbox().last()).isEqualTo(20_000);
        }

        @Test
        void holdsOnlySoManyBytes() {
            int size = (int) (Inbox.MOST_BYTES / 4);
            Inbox inbox = Inbox.EMPTY;
            for (int i = 1; i <= 4; i++) {
                inbox = inbox.with(i, size).inbox();
            }
            Inbox.Grown grown = inbox.with(5, size + 1);
            assertThat(grown.droppedUpTo()).isEqualTo(2);
            assertThat(grown.inbox().size()).isEqualTo(3);
        }
    }
}
