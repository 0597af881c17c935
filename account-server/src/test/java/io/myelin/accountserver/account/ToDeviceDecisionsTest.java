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
                    assertThat(added.gaveWay()).isEmpty();
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
        private Inbox inbox = Inbox.EMPTY;

        private List<Long> put(long number, int size, long sender) {
            Inbox.Grown grown = inbox.with(new Inbox.Waiting(number, size, sender));
            inbox = grown.inbox();
            return grown.gaveWay();
        }

        @Test
        void letsTheOldestGiveWayToTheNewest() {
            for (int i = 1; i <= Inbox.MOST_MESSAGES; i++) {
                put(i, 10, 1);
            }
            assertThat(put(20_000, 10, 1)).containsExactly(1L);
            assertThat(inbox.size()).isEqualTo(Inbox.MOST_MESSAGES);
            assertThat(inbox.first()).isEqualTo(2);
            assertThat(inbox.last()).isEqualTo(20_000);
        }

        @Test
        void holdsOnlySoManyBytes() {
            int size = (int) (Inbox.MOST_BYTES / 4);
            for (int i = 1; i <= 4; i++) {
                put(i, size, 1);
            }
            assertThat(put(5, size + 1, 1)).containsExactly(1L, 2L);
            assertThat(inbox.size()).isEqualTo(3);
        }

        /** Somebody who fills the inbox pushes out their own messages, and not the keys that a friend has sent. */
        @Test
        void keepsWhatOthersHaveSentFromWhoeverFillsIt() {
            put(1, 500, 7);
            put(2, 500, 8);
            for (int i = 3; i <= 2 * Inbox.MOST_MESSAGES; i++) {
                assertThat(put(i, 5_000, 1)).doesNotContain(1L, 2L);
            }
            assertThat(inbox.first()).isEqualTo(1);
            assertThat(put(50_000, 500, 7)).doesNotContain(1L, 2L);
        }
    }
}
