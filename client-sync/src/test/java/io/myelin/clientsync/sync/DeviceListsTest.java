package io.myelin.clientsync.sync;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.BOB;
import static io.myelin.clientsync.fixture.Server.CAROL;
import static io.myelin.clientsync.fixture.SyncingClient.in;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.clientsync.fixture.SyncingClient;
import io.myelin.clientsync.token.SyncToken;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.Unavailable;
import io.myelin.contracts.account.Session;
import io.myelin.engine.Committed;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.MatrixException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeviceListsTest {
    private final Server server = new Server();
    private final Room kitchen = server.room("kitchen");
    private final SyncingClient alice = server.client(ALICE);

    @BeforeEach
    void bobIsHere() {
        kitchen.join(BOB);
        alice.sync();
    }

    static List<String> told(JsonObject answer, String name) {
        return answer.object("device_lists")
                .flatMap(lists -> lists.array(name))
                .orElse(JsonArray.EMPTY)
                .strings()
                .toList();
    }

    private static void tells(JsonObject answer, List<UserId> changed, List<UserId> left) {
        assertThat(told(answer, "changed"))
                .isEqualTo(changed.stream().map(UserId::value).toList());
        assertThat(told(answer, "left"))
                .isEqualTo(left.stream().map(UserId::value).toList());
    }

    @Test
    void aChangeIsToldOnceToWhoSharesARoom() {
        server.changeDeviceList(BOB);
        server.changeDeviceList(CAROL);
        tells(alice.sync(), List.of(BOB), List.of());
        tells(alice.sync(), List.of(), List.of());
    }

    @Test
    void oneOwnsChangeIsTold() {
        server.changeDeviceList(ALICE);
        tells(alice.sync(), List.of(ALICE), List.of());
    }

    @Test
    void whoJoinsHasChanged() {
        server.changeDeviceList(CAROL);
        tells(alice.sync(), List.of(), List.of());
        kitchen.join(CAROL);
        tells(alice.sync(), List.of(CAROL), List.of());
    }

    @Test
    void allMembersOfARoomThatOneJoinsHaveChanged() {
        SyncingClient carol = server.client(CAROL);
        carol.sync();
        kitchen.join(CAROL);
        tells(carol.sync(), List.of(ALICE, BOB), List.of());
    }

    @Test
    void anotherNameIsNoJoin() {
        kitchen.state(BOB, "m.room.member", BOB.value(), "{\"membership\":\"join\",\"displayname\":\"Bob\"}");
        tells(alice.sync(), List.of(), List.of());
    }

    @Test
    void whoSharesNoRoomAnyMoreHasLeft() {
        Room cellar = server.room("cellar");
        cellar.join(BOB);
        alice.sync();
        kitchen.leave(BOB);
        tells(alice.sync(), List.of(), List.of());
        cellar.leave(BOB);
        tells(alice.sync(), List.of(), List.of(BOB));
    }

    @Test
    void othersHaveLeftWhenOneLeavesTheRoom() {
        kitchen.leave(ALICE);
        kitchen.join(CAROL);
        tells(alice.sync(), List.of(), List.of(BOB));
    }

    @Test
    void othersHaveLeftWhenOneForgetsTheRoom() {
        kitchen.leave(ALICE);
        server.forget(kitchen.id(), ALICE);
        tells(alice.sync(), List.of(), List.of(BOB));
    }

    @Test
    void aFilterOfRoomsHidesNoDeviceLists() {
        alice.filter("{\"room\":{\"rooms\":[\"!other:test\"]}}");
        kitchen.join(CAROL);
        server.changeDeviceList(BOB);
        tells(alice.sync(), List.of(BOB, CAROL), List.of());
    }

    @Test
    void membersAreFoundBeyondAGap() {
        kitchen.join(CAROL);
        kitchen.leave(BOB);
        for (int i = 0; i < 150; i++) {
            kitchen.say(ALICE, "message " + i);
        }
        tells(alice.sync(), List.of(CAROL), List.of(BOB));
    }

    @Test
    void aReaderThatHasJustStartedAsksOnce() {
        server.changeDeviceList(BOB);
        server.restart(1);
        String token = alice.token();
        tells(alice.sync(), List.of(BOB), List.of());
        int questions = server.accounts.deviceListQuestions;
        assertThat(questions).isPositive();
        alice.goBackTo(token);
        tells(alice.sync(), List.of(BOB), List.of());
        assertThat(server.accounts.deviceListQuestions).isEqualTo(questions);
    }

    @Test
    void aTokenOfAnEarlierReleaseIsToldOfAllThatEverChanged() {
        server.changeDeviceList(BOB);
        alice.sync();
        alice.goBackToATokenOfAnEarlierRelease();
        tells(alice.sync(), List.of(BOB), List.of());
        tells(alice.sync(), List.of(), List.of());
    }

    @Test
    void ofTooManyChangesAllWhoShareARoomAreTold() {
        server.accounts.mostDeviceLists = 0;
        server.changeDeviceList(CAROL);
        server.restart(1);
        tells(alice.sync(), List.of(ALICE, BOB), List.of());
        tells(alice.sync(), List.of(), List.of());
    }

    /** However often the same old token comes, the owner is asked once, and the looks at all members are counted. */
    @Test
    void ofTooManyChangesNobodyIsAskedAgain() {
        List<UserId> counted = new ArrayList<>();
        server.wholeLooks = counted::add;
        server.accounts.mostDeviceLists = 0;
        server.changeDeviceList(CAROL);
        server.restart(1);
        String token = alice.token();
        alice.sync();
        int questions = server.accounts.deviceListQuestions;
        alice.goBackTo(token);
        tells(alice.sync(), List.of(ALICE, BOB), List.of());
        assertThat(server.accounts.deviceListQuestions).isEqualTo(questions);
        assertThat(counted).containsExactly(ALICE, ALICE);
    }

    /** What others change must not end anybody's /sync. */
    @Test
    void whatIsTooMuchNowIsToldLater() {
        server.accounts.mostDeviceLists = 0;
        server.changeDeviceList(CAROL);
        server.restart(1);
        server.wholeLooks = viewer -> {
            throw new MatrixException(429, "M_LIMIT_EXCEEDED", "Too often.");
        };
        tells(alice.sync(), List.of(), List.of());
        server.wholeLooks = viewer -> {};
        tells(alice.sync(), List.of(ALICE, BOB), List.of());
        tells(alice.sync(), List.of(), List.of());
    }

    /** Whoever leaves a large room, or comes again with the token of before, has not each of its members loaded. */
    @Test
    void ofManyWhoAreLeftNobodyIsLoadedAlone() {
        Room large = server.room("large");
        large.join(ALICE);
        for (int i = 0; i <= 100; i++) {
            large.join(new UserId("@member" + i + ":test"));
        }
        alice.sync();
        large.leave(ALICE);
        server.wholeLooks = viewer -> {
            throw new MatrixException(429, "M_LIMIT_EXCEEDED", "Too often.");
        };
        int before = server.rooms.asked;
        assertThatThrownBy(alice::sync).isInstanceOf(MatrixException.class);
        server.wholeLooks = viewer -> {};
        assertThat(told(alice.sync(), "left")).hasSize(101);
        assertThat(server.rooms.asked - before).isLessThan(10);
    }

    @Test
    void whatCannotBeAskedForIsToldLater() {
        server.changeDeviceList(BOB);
        server.restart(1);
        server.accounts.deviceListsUnavailable = true;
        tells(alice.sync(), List.of(), List.of());
        server.accounts.deviceListsUnavailable = false;
        tells(alice.sync(), List.of(BOB), List.of());
        tells(alice.sync(), List.of(), List.of());
    }

    /** Whoever signs many keys does not crowd out what others have to be told. */
    @Test
    void signaturesCrowdOutNobodysChange() {
        server.accounts.mostDeviceLists = 1;
        server.changeDeviceList(BOB);
        for (int i = 0; i < 10; i++) {
            server.sign(BOB, new UserId("@u" + i + ":test"));
            server.sign(ALICE, new UserId("@u" + i + ":test"));
        }
        server.restart(1);
        server.wholeLooks = viewer -> {
            throw new AssertionError("All changes are known.");
        };
        assertThat(told(alice.sync(), "changed")).hasSize(11).contains(BOB.value(), "@u0:test", "@u9:test");
    }

    @Test
    void countsThatAnEarlierReleaseDoesNotTellAreLeftOut() {
        server.accounts.earlierRelease = true;
        server.restart(1);
        assertThat(alice.sync().has("device_one_time_keys_count")).isFalse();
        server.countKeys(ALICE, Map.of("signed_curve25519", 3), List.of());
        assertThat(in(alice.sync(), "device_one_time_keys_count").toString()).isEqualTo("{\"signed_curve25519\":3}");
    }

    private SyncRequest changes(AnswerStyle style, Session session) {
        SyncRequest sync = alice.request(0, false);
        return new SyncRequest(
                session, sync.since(), sync.sinceText(), sync.filter(), false, false, sync.presence(), 0, style);
    }

    /** No later answer would tell what an account shard other than the viewer's has committed. */
    @Test
    void keyChangesAreThoseOfAllShards() {
        assertThat(Partitions.of(BOB.value(), Server.SHARDS)).isNotEqualTo(Partitions.of(ALICE.value(), Server.SHARDS));
        SyncRequest request = changes(AnswerStyle.KEY_CHANGES, Server.session(ALICE));
        server.accountLog.pause();
        server.changeDeviceList(BOB);
        var answer = CompletableFuture.supplyAsync(() -> server.polls.deviceLists(request));
        server.accountLog.awaitWaiting();
        server.accountLog.resume();
        assertThat(answer.join().changed()).containsExactly(BOB);
    }

    @Test
    void keyChangesAreRefusedWhileAShardCannotBeAsked() {
        SyncRequest request = changes(AnswerStyle.KEY_CHANGES, Server.session(ALICE));
        server.changeDeviceList(BOB);
        server.restart(1);
        server.accounts.deviceListsUnavailable = true;
        assertThatThrownBy(() -> server.polls.deviceLists(request)).isInstanceOf(Unavailable.class);
    }

    /** A session without a device, as of an application service, has no keys to upload. */
    @Test
    void nobodyWithoutADeviceIsToldOfKeys() {
        var session = new Session(ALICE, null, false, false, 1);
        JsonObject answer = alice.take(
                server.syncs.fresh(changes(AnswerStyle.SYNC, session), () -> {}).body());
        assertThat(answer.has("device_lists")).isTrue();
        assertThat(answer.names()).noneMatch(name -> name.contains("key"));
    }

    @Test
    void aSignatureIsToldToWhoSignedAlone() {
        SyncingClient bob = server.client(BOB);
        bob.sync();
        server.sign(ALICE, CAROL);
        tells(alice.sync(), List.of(CAROL), List.of());
        tells(bob.sync(), List.of(), List.of());
    }

    @Test
    void aPositionNeverGoesBack() {
        server.accountLog.pause();
        server.changeDeviceList(BOB);
        SyncToken ahead = SyncToken.parse(Objects.requireNonNull(alice.token()), Server.SHARDS);
        alice.goBackTo(new SyncToken(
                        ahead.rooms(),
                        ahead.account(),
                        ahead.receipts(),
                        ahead.typing(),
                        ahead.presence(),
                        ahead.devices().stream()
                                .map(at -> new Committed(at.incarnation(), at.seq() + 1))
                                .toList(),
                        ahead.toDevice())
                .encode());
        alice.syncWithoutBarrier();
        assertThat(SyncToken.parse(Objects.requireNonNull(alice.token()), Server.SHARDS)
                        .devices())
                .allMatch(at -> at.seq() > 1);
        server.accountLog.resume();
    }

    @Test
    void keysAreCountedForTheDeviceThatSyncs() {
        assertThat(in(alice.sync(), "device_one_time_keys_count").toString()).isEqualTo("{\"signed_curve25519\":0}");
        server.countKeys(ALICE, Map.of("signed_curve25519", 3), List.of("signed_curve25519"));
        JsonObject answer = alice.sync();
        assertThat(in(answer, "device_one_time_keys_count").toString()).isEqualTo("{\"signed_curve25519\":3}");
        assertThat(in(answer, "device_unused_fallback_key_types").toString()).isEqualTo("[\"signed_curve25519\"]");
        server.restart(1);
        assertThat(in(alice.sync(), "device_one_time_keys_count").toString()).isEqualTo("{\"signed_curve25519\":3}");
        server.removeDevice(ALICE, "DEVICE");
        assertThat(in(alice.sync(), "device_one_time_keys_count").toString()).isEqualTo("{\"signed_curve25519\":0}");
    }
}
