package io.myelin.roomserver;

import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.BOB;
import static io.myelin.roomserver.federated.RemoteUsers.CARL;
import static io.myelin.roomserver.federated.RemoteUsers.DORA;
import static io.myelin.roomserver.federated.RemoteUsers.ONE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.myelin.contracts.Partitions;
import io.myelin.contracts.room.ReceivedPdu;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.postgres.Snapshot;
import io.myelin.roomserver.federated.Draft;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.ForwardExtremities;
import io.myelin.roomserver.room.RelativeState;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.storage.RoomTables;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A room of ours in which users of other servers take part. */
class SharedRoomIT {

    @AutoClose
    private static final RunningRoomServer server = new RunningRoomServer();

    private SharedRoom room;

    @BeforeEach
    void carlAndDoraJoin() {
        room = SharedRoom.joinedBy(server, CARL, DORA);
    }

    private String topic() {
        return room.content(EventTypes.TOPIC, "").string("topic").orElseThrow();
    }

    @Test
    void ourNextEventComesAfterAllThatOthersSaidAtOnce() {
        EventId before = room.newest();
        EventId carls = room.says(Draft.message(CARL, "hello"), before);
        EventId doras = room.says(Draft.message(DORA, "hello"), before);
        assertThat(server.graph().forwardExtremities(room.id())).containsExactlyInAnyOrder(carls, doras);

        EventId ours = room.weSay(EventTypes.MESSAGE, null, "{\"body\":\"both?\"}");

        assertThat(room.others().reference().event(ours).prevEvents()).containsExactlyInAnyOrder(carls, doras);
        assertThat(room.newest()).isEqualTo(ours);
    }

    @Test
    void whereOthersDisagreeTheStateIsResolvedAndOurNextEventRestsOnThat() throws Exception {
        room.alicesLevelsBecome(CARL, 50);
        room.alicesLevelsBecome(DORA, 50);
        EventId before = room.newest();
        room.says(Draft.topic(CARL, "carl's"), before);
        room.says(Draft.topic(DORA, "dora's"), before);
        room.says(Draft.message(CARL, "which?"), room.extremities());
        String resolved = topic();
        server.restart();

        EventId ours = room.weSay(EventTypes.NAME, "", "{\"name\":\"ours\"}");

        assertThat(topic()).isEqualTo(resolved);
        Set<EventId> state = Set.copyOf(
                server.graph().stateBefore(room.id(), ours).orElseThrow().state());
        assertThat(state)
                .isEqualTo(Set.copyOf(
                        room.others().reference().stateBefore(ours).values().toList()));
        server.assertThatReplayIsWhatWasPublished();
    }

    @Test
    void whoIsBannedMeanwhileFailsSoftlyAndIsNotShown() {
        EventId before = room.newest();
        assertThat(room.aliceBans(CARL)).isInstanceOf(RoomAnswer.EventSent.class);
        room.othersHear();
        EventId ban = room.newest();
        Pdu evading = room.others().says(Draft.message(CARL, "evading"), before);

        assertThat(room.arrivals().answer(evading))
                .isInstanceOfSatisfying(
                        ReceivedPdu.SoftFailed.class,
                        failed -> assertThat(failed.reason()).contains("not in this room"));
        assertThat(server.queries().event(room.id(), evading.eventId())).isEmpty();
        assertThat(room.newest()).isEqualTo(ban);
        Pdu after = room.others().says(Draft.message(DORA, "I saw it"), evading.eventId(), ban);
        assertThat(room.arrivals().answer(after)).isEqualTo(new ReceivedPdu.Accepted(after.eventId()));
        assertThat(room.newest()).isEqualTo(after.eventId());
    }

    @Test
    void whoIsBannedByAnotherServerIsOutOfTheRoomHereToo() {
        server.join(room.id());
        room.othersHear();
        room.alicesLevelsBecome(CARL, 50);

        room.says(Draft.member(CARL, BOB, Membership.BAN), room.newest());

        assertThat(room.content(EventTypes.MEMBER, BOB.value()).string("membership"))
                .contains("ban");
        assertThat(server.queries().roomsOf(BOB).rooms())
                .filteredOn(known -> known.room().equals(room.id()))
                .singleElement()
                .satisfies(known -> assertThat(known.membership()).isEqualTo("ban"));
    }

    @Test
    void anotherServersRedactionTakesEffectIfItMayBe() {
        EventId carls = room.says(Draft.message(CARL, "oops"), room.newest());
        EventId ours = room.weSay(EventTypes.MESSAGE, null, "{\"body\":\"ours\"}");

        room.says(Draft.redaction(CARL, carls), room.newest());
        Pdu inVain = room.others().says(Draft.redaction(CARL, ours), room.newest());
        assertThat(room.arrivals().answer(inVain)).isInstanceOf(ReceivedPdu.SoftFailed.class);
        assertThat(server.queries().event(room.id(), inVain.eventId())).isEmpty();

        assertThat(body(carls)).doesNotContain("oops");
        assertThat(body(ours)).contains("ours");
    }

    private String body(EventId event) {
        return new String(
                server.queries().event(room.id(), event).orElseThrow().event().body(), UTF_8);
    }

    @Test
    void whatCitesAnUnknownEventIsMissingItAndTakenAfterIt() {
        EventId before = room.newest();
        Pdu first = room.others().says(Draft.message(CARL, "first"), before);
        Pdu second = room.others().says(Draft.message(CARL, "second"), first.eventId());

        assertThat(room.arrivals().answer(second))
                .isEqualTo(new ReceivedPdu.Missing(second.eventId(), List.of(first.eventId())));
        room.arrivals().arrive(List.of(first, second));
        assertThat(room.newest()).isEqualTo(second.eventId());
    }

    @Test
    void aDamagedRoomIsRefusedAndTheOthersOfItsShardGoOn() throws Exception {
        RoomId damaged = room.id();
        server.execute(
                "UPDATE room.event SET state = 4711 WHERE room IN (SELECT number FROM room.room WHERE room_id = '"
                        + damaged.value() + "')");
        server.restart();

        RoomAnswer answer = server.trySend(damaged, EventTypes.MESSAGE, null, "{\"body\":\"lost\"}");
        assertThat(answer)
                .isInstanceOfSatisfying(
                        RoomAnswer.Refused.class,
                        refused -> assertThat(refused.error().error()).contains("cannot read"));
        for (int shard = 0; shard < RunningRoomServer.SHARDS; shard++) {
            server.send(server.createIn(shard), EventTypes.MESSAGE, null, "{\"body\":\"alive\"}");
        }
    }

    @Test
    void aRoomKeepsAtMostTenForwardExtremities() {
        EventId before = room.newest();
        for (int i = 0; i < 30; i++) {
            room.says(Draft.message(i % 2 == 0 ? CARL : DORA, "all at once " + i), before);
        }
        assertThat(server.graph().forwardExtremities(room.id())).hasSizeLessThanOrEqualTo(10);
    }

    @Test
    void whatIsBehindEventsThatFailedSoftlyIsNoExtremityAnyMore() {
        EventId before = room.newest();
        assertThat(room.aliceBans(CARL)).isInstanceOf(RoomAnswer.EventSent.class);
        room.othersHear();
        EventId ban = room.newest();
        EventId aside = room.says(Draft.message(DORA, "aside"), before);
        EventId last = aside;
        for (int i = 0; i < 5; i++) {
            Pdu evading = room.others().says(Draft.message(CARL, "evading " + i), last);
            assertThat(room.arrivals().answer(evading)).isInstanceOf(ReceivedPdu.SoftFailed.class);
            last = evading.eventId();
        }
        assertThat(room.extremities()).contains(aside, ban);

        EventId both = room.says(Draft.message(DORA, "both"), last, ban);

        assertThat(room.newest()).isEqualTo(both);
    }

    @Test
    void othersJoinHoweverDeepTheContentIs() {
        Json deep = JsonParser.parse(("[".repeat(150) + "]".repeat(150)).getBytes(UTF_8), JsonRules.LENIENT_EVENTS);
        UserId deepUser = ONE.user("deep");
        JsonObject content = JsonObject.of("membership", "join").with("nested", deep);

        EventId joined = room.says(Draft.state(deepUser, EventTypes.MEMBER, deepUser.value(), content), room.newest());

        assertThat(room.newest()).isEqualTo(joined);
    }

    @Test
    void whoIsAGuestStaysOneWhenTheStateIsResolved() {
        UserId greta = ONE.user("greta");
        JsonObject asGuest = JsonObject.of("membership", "join").with("kind", "guest");
        room.says(Draft.state(greta, EventTypes.MEMBER, greta.value(), asGuest), room.newest());
        EventId before = room.newest();
        room.says(Draft.message(DORA, "meanwhile"), before);

        String guests = "SELECT m.seq FROM room.membership m JOIN room.event e ON e.shard = m.shard AND e.seq = m.seq"
                + " WHERE m.user_id = '" + greta.value()
                + "' AND m.guest AND convert_from(e.body, 'UTF8') LIKE '%Greta%'";
        // Which of the two events wins depends on their servers' clocks, which differ, so she tries again.
        await().atMost(60, SECONDS).pollInterval(1, SECONDS).untilAsserted(() -> {
            if (server.numbers(guests).isEmpty()) {
                room.says(
                        Draft.state(greta, EventTypes.MEMBER, greta.value(), asGuest.with("displayname", "Greta")),
                        before);
            }
            assertThat(server.numbers(guests)).hasSize(1);
        });
    }

    @Test
    void whatIsUnknownBehindARedactionInVainIsAskedForUntilItIsFound() {
        Pdu gap = room.others().says(Draft.message(DORA, "not heard"), room.newest());
        Pdu inVain = room.others().says(Draft.redaction(DORA, gap.eventId()), gap.eventId());
        Pdu next = room.others().says(Draft.message(CARL, "heard"), inVain.eventId());
        List<EventId> state =
                room.others().reference().stateBefore(gap.eventId()).values().toList();
        assertThat(room.arrivals().answer(inVain, room.arrivals().staged(state, 100)))
                .isInstanceOf(ReceivedPdu.SoftFailed.class);

        room.comes(next);
        assertThat(server.graph().backwardExtremities(room.id(), RoomPlace.END, 10))
                .containsExactly(next.eventId());

        assertThat(room.arrivals().asHistory(List.of(gap), next.eventId(), Map.of()))
                .containsExactly(new ReceivedPdu.Accepted(gap.eventId()));
        assertThat(server.graph().backwardExtremities(room.id(), RoomPlace.END, 10))
                .isEmpty();
    }

    /** Here none of our users may send the event that merges forward extremities. */
    @Test
    void whoForksTheRoomTooOftenFailsSoftlyAndOurNextEventEndsIt() {
        JsonObject levels = room.content(EventTypes.POWER_LEVELS, "")
                .with("events", JsonObject.of(EventTypes.DUMMY, Json.of(100)))
                .with("users", JsonObject.of(ALICE.value(), Json.of(50)));
        room.weSay(EventTypes.POWER_LEVELS, "", levels.toString());
        EventId before = room.newest();
        int failed = 0;
        for (int i = 0; i < ForwardExtremities.MOST + 5; i++) {
            Pdu named = room.others()
                    .says(
                            Draft.state(
                                    CARL,
                                    EventTypes.MEMBER,
                                    CARL.value(),
                                    JsonObject.of("membership", "join").with("displayname", "Carl " + i)),
                            before);
            failed += room.arrivals().answer(named) instanceof ReceivedPdu.SoftFailed ? 1 : 0;
        }
        assertThat(failed).isEqualTo(5);
        assertThat(room.extremities()).hasSize(ForwardExtremities.MOST);

        EventId ours = room.weSay(EventTypes.MESSAGE, null, "{\"body\":\"enough\"}");

        assertThat(room.newest()).isEqualTo(ours);
    }

    /** Each change of power levels cites the one before, so a chain that is read level by level takes many queries. */
    @Test
    void aResolutionTakesFewQueriesHoweverLongTheAuthChainsAre() throws Exception {
        room.alicesLevelsBecome(DORA, 50);
        for (int i = 0; i < 40; i++) {
            room.alicesLevelsBecome(CARL, 50 + i % 2);
        }
        EventId before = room.newest();
        room.says(Draft.topic(CARL, "carl's"), before);
        room.says(Draft.topic(DORA, "dora's"), before);
        int shard = Partitions.of(room.id().value(), RunningRoomServer.SHARDS);
        String ofRoom =
                " FROM room.room r JOIN room.event e ON e.shard = r.shard AND e.room = r.number WHERE r.room_id = '"
                        + room.id().value() + "'";
        long number = server.numbers("SELECT DISTINCT r.number" + ofRoom).getFirst();
        List<Long> topics = server.numbers("SELECT e.seq" + ofRoom + " AND e.type = 'm.room.topic' ORDER BY e.seq");
        AtomicInteger queries = new AtomicInteger();
        try (Connection connection = server.connection()) {
            connection.setAutoCommit(false);
            connection.setSchema("room");
            Connection counting = (Connection) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {Connection.class}, (_, method, arguments) -> {
                        queries.addAndGet(method.getName().equals("prepareStatement") ? 1 : 0);
                        return method.invoke(connection, arguments);
                    });
            RoomEntity resolved = new RoomTables()
                    .load(
                            Snapshot.of(counting),
                            shard,
                            EntityKey.ofState(number, Set.copyOf(topics), topics.getFirst()));
            assertThat(resolved).isInstanceOf(RelativeState.class);
        }
        assertThat(queries).hasValueLessThan(30);
    }
}
