package io.myelin.clientsync.park;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.BOB;
import static io.myelin.clientsync.fixture.SyncingClient.timelineIds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.clientsync.fixture.SyncingClient;
import io.myelin.contracts.presence.PresenceInput;
import io.myelin.contracts.presence.PresenceState;
import io.myelin.contracts.receipt.Receipt;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.web.MatrixException;
import io.myelin.web.StreamedJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LongPollsTest {
    private static final long LONG = 600_000;

    private final Server server = new Server();
    private final Room kitchen = server.room("kitchen");
    private final SyncingClient alice = server.client(ALICE);

    @BeforeEach
    void firstSync() {
        alice.sync();
    }

    private CompletableFuture<byte[]> poll(SyncingClient client, long timeoutMillis) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        Reply reply = new Reply() {
            @Override
            public void answer(StreamedJson content) {
                answer.complete(content.toBytes());
            }

            @Override
            public void fail(RuntimeException reason) {
                answer.completeExceptionally(reason);
            }
        };
        Optional<StreamedJson> now = server.polls.answer(client.request(timeoutMillis, false), _ -> reply);
        now.ifPresent(content -> answer.complete(content.toBytes()));
        return answer;
    }

    private JsonObject answer(CompletableFuture<byte[]> poll) throws Exception {
        return alice.take(poll.get(30, TimeUnit.SECONDS));
    }

    @Test
    void answerWhatIsThereAtOnce() throws Exception {
        EventId hello = kitchen.say(ALICE, "hello");
        assertThat(timelineIds(answer(poll(alice, LONG)), "join", kitchen)).containsExactly(hello.value());
        assertThat(server.polls.size()).isZero();
    }

    @Test
    void answerAtOnceWhileTheProcessStops() throws Exception {
        server.polls.close();
        assertThat(SyncingClient.room(answer(poll(alice, LONG)), "join", kitchen.id())
                        .isEmpty())
                .isTrue();
        assertThat(server.polls.size()).isZero();
    }

    @Test
    void wakeForAMessage() throws Exception {
        CompletableFuture<byte[]> poll = poll(alice, LONG);
        assertThat(poll).isNotDone();
        assertThat(server.polls.size()).isEqualTo(1);
        EventId hello = kitchen.say(ALICE, "hello");
        assertThat(timelineIds(answer(poll), "join", kitchen)).containsExactly(hello.value());
    }

    /** The clock of the test does not move, so what is sent now stays new. */
    @Test
    void tellADeviceItsOwnEventAMomentLater() throws Exception {
        CompletableFuture<byte[]> parked = poll(alice, LONG);
        long sent = System.nanoTime();
        EventId hello = kitchen.say(ALICE, "hello", "txn");
        SyncingClient again = server.client(ALICE);
        again.goBackTo(alice.token());
        CompletableFuture<byte[]> asked = poll(again, LONG);
        assertThat(timelineIds(answer(parked), "join", kitchen)).containsExactly(hello.value());
        asked.get(30, TimeUnit.SECONDS);
        assertThat(Duration.ofNanos(System.nanoTime() - sent)).isGreaterThan(Duration.ofMillis(59));
    }

    @Test
    void tellADeviceAtOnceWhatItSentAWhileAgo() throws Exception {
        kitchen.say(ALICE, "hello", "txn");
        server.clock.advance(Duration.ofMillis(60));
        Optional<StreamedJson> now = server.polls.answer(alice.request(LONG, false), _ -> {
            throw new AssertionError("was parked");
        });
        assertThat(now).isPresent();
    }

    @Test
    void wakeForAStateThatWasResolved() throws Exception {
        EventId kept = kitchen.keep(ALICE, "m.room.name", "", "{}");
        CompletableFuture<byte[]> poll = poll(alice, LONG);
        kitchen.resolve(kept);
        assertThat(SyncingClient.ids(
                        SyncingClient.events(SyncingClient.room(answer(poll), "join", kitchen.id()), "state")))
                .containsExactly(kept.value());
    }

    @Test
    void wakeWhoIsPutOutByAResolution() throws Exception {
        kitchen.join(BOB);
        SyncingClient bob = server.client(BOB);
        bob.sync();
        EventId ban = kitchen.keep(ALICE, "m.room.member", BOB.value(), "{\"membership\":\"ban\"}");
        CompletableFuture<byte[]> poll = poll(bob, LONG);
        kitchen.resolve(ban);
        assertThat(SyncingClient.room(answer(poll), "leave", kitchen.id()).isEmpty())
                .isFalse();
    }

    @Test
    void wakeForAnInvitation() throws Exception {
        SyncingClient bob = server.client(BOB);
        bob.sync();
        CompletableFuture<byte[]> poll = poll(bob, LONG);
        kitchen.invite(ALICE, BOB);
        assertThat(SyncingClient.room(answer(poll), "invite", kitchen.id()).isEmpty())
                .isFalse();
    }

    @Test
    void wakeForAccountData() throws Exception {
        CompletableFuture<byte[]> poll = poll(alice, LONG);
        server.accountData(ALICE, null, "org.example", "{}");
        assertThat(SyncingClient.events(answer(poll), "account_data")).hasSize(1);
    }

    @Test
    void wakeForAReceipt() throws Exception {
        EventId hello = kitchen.say(ALICE, "hello");
        alice.sync();
        CompletableFuture<byte[]> poll = poll(alice, LONG);
        server.receipt(kitchen, ALICE, Receipt.PRIVATE, null, hello);
        assertThat(SyncingClient.events(SyncingClient.room(answer(poll), "join", kitchen.id()), "ephemeral"))
                .hasSize(1);
    }

    @Test
    void wakeForWhoTypes() throws Exception {
        CompletableFuture<byte[]> poll = poll(alice, LONG);
        server.types(kitchen, BOB);
        assertThat(SyncingClient.events(SyncingClient.room(answer(poll), "join", kitchen.id()), "ephemeral"))
                .hasSize(1);
    }

    @Test
    void wakeForThePresenceOfSomebodyWhoWasNeverHere() throws Exception {
        kitchen.join(BOB);
        alice.sync();
        CompletableFuture<byte[]> poll = poll(alice, LONG);
        server.isPresent(BOB, PresenceState.ONLINE);
        assertThat(SyncingClient.events(answer(poll), "presence")).hasSize(1);
    }

    @Test
    void sleepOnWhenSomebodysPresenceChangesInALargeRoom() throws Exception {
        for (int i = 0; i <= Server.MOST_MEMBERS_TO_WAKE; i++) {
            kitchen.join(new UserId("@member" + i + ":test"));
        }
        alice.sync();
        CompletableFuture<byte[]> poll = poll(alice, LONG);
        server.isPresent(new UserId("@member1:test"), PresenceState.ONLINE);
        server.isPresent(ALICE, PresenceState.ONLINE);
        assertThat(SyncingClient.events(answer(poll), "presence")).isNotEmpty();
    }

    @Test
    void tellThatTheirDeviceSyncs() throws Exception {
        SyncingClient idle = server.client(ALICE).as(PresenceState.UNAVAILABLE);
        idle.sync();
        CompletableFuture<byte[]> poll = poll(idle, LONG);
        assertThat(server.activity)
                .containsExactly(new PresenceInput.Syncing(ALICE, "DEVICE", PresenceState.UNAVAILABLE, 1_000_000));
        server.polls.close();
        poll.get(30, TimeUnit.SECONDS);
    }

    @Test
    void sleepOnWhenNothingIsNewForTheirUser() throws Exception {
        SyncingClient bob = server.client(BOB);
        bob.sync();
        CompletableFuture<byte[]> poll = poll(bob, LONG);
        kitchen.say(ALICE, "hello");
        kitchen.join(BOB);
        assertThat(timelineIds(answer(poll), "join", kitchen)).isNotEmpty();
    }

    @Test
    void answerEmptyWhenTheirTimeIsOver() throws Exception {
        assertThat(timelineIds(answer(poll(alice, 1)), "join", kitchen)).isEmpty();
        assertThat(server.polls.size()).isZero();
    }

    @Test
    void answerAtOnceWhenTheServerStops() throws Exception {
        CompletableFuture<byte[]> poll = poll(alice, LONG);
        server.polls.close();
        assertThat(answer(poll).string("next_batch")).isPresent();
    }

    @Test
    void areAnsweredWhenTheirUserHasTooManyOldestFirst() throws Exception {
        List<CompletableFuture<byte[]>> polls = new ArrayList<>();
        for (int i = 0; i <= Server.MOST_PARKED_OF_ONE_USER; i++) {
            polls.add(poll(alice, LONG));
        }

        assertThat(JsonParser.parseObject(polls.getFirst().get(30, TimeUnit.SECONDS))
                        .string("next_batch"))
                .isPresent();
        assertThat(polls.subList(1, polls.size())).noneMatch(CompletableFuture::isDone);
        server.polls.close();
    }

    @Test
    void areRefusedWhenTooManyWait() {
        for (int i = 0; i < Server.MOST_PARKED; i++) {
            SyncingClient other = server.client(new UserId("@user" + i + ":test"));
            other.sync();
            poll(other, LONG);
        }

        assertThatThrownBy(() -> poll(alice, LONG))
                .isInstanceOfSatisfying(
                        MatrixException.class, e -> assertThat(e.status()).isEqualTo(429));

        assertThat(server.polls.size()).isEqualTo(Server.MOST_PARKED);
        server.polls.close();
    }

    @Test
    void endWithTheirDevice() throws Exception {
        CompletableFuture<byte[]> poll = poll(alice, LONG);
        server.removeDevice(ALICE, "DEVICE");
        assertThatThrownBy(() -> poll.get(30, TimeUnit.SECONDS)).hasMessageContaining("M_UNKNOWN_TOKEN");
    }

    @Test
    void endWithTheirTokenWhenTheirDeviceLogsInAgain() throws Exception {
        CompletableFuture<byte[]> poll = poll(alice, LONG);
        server.logInAgain(ALICE);
        kitchen.say(ALICE, "later");
        assertThatThrownBy(() -> poll.get(30, TimeUnit.SECONDS)).hasMessageContaining("M_UNKNOWN_TOKEN");
    }

    @Test
    void endAtOnceIfTheirTokenEndedWhileTheyWereLetIn() {
        server.logInAgain(ALICE);
        assertThatThrownBy(() -> poll(alice, LONG)).hasMessageContaining("session");
    }

    @Test
    void outliveANewNameOfTheirDevice() throws Exception {
        CompletableFuture<byte[]> poll = poll(alice, LONG);
        server.renameDevice(ALICE, "Phone");
        EventId hello = kitchen.say(ALICE, "hello");
        assertThat(timelineIds(answer(poll), "join", kitchen)).containsExactly(hello.value());
    }

    @Test
    void wakeWhenTheReaderLostItsCaches() throws Exception {
        CompletableFuture<byte[]> poll = poll(alice, LONG);
        server.restart(1);
        EventId hello = kitchen.say(ALICE, "hello");
        assertThat(timelineIds(answer(poll), "join", kitchen)).containsExactly(hello.value());
    }
}
