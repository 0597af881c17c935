package io.myelin.roomserver;

import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.BOB;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.ReceivedPdu;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.ChangeMembership;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.RoomQueries.Wanted;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.roomserver.federated.Draft;
import io.myelin.roomserver.federated.PlayedRoom;
import io.myelin.roomserver.federated.RemoteServer;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A room of ours in which users of other servers take part. */
class SharedRoomIT {

    private static final RemoteServer ONE = RemoteServer.named("one.example");
    private static final RemoteServer TWO = RemoteServer.named("two.example");
    private static final UserId CARL = ONE.user("carl");
    private static final UserId DORA = TWO.user("dora");
    private static final RoomVersion VERSION = RoomVersions.V11;

    private static RunningRoomServer server;

    private RoomId room;
    private PlayedRoom others;
    private Arrivals arrivals;

    @BeforeAll
    static void start() throws Exception {
        server = new RunningRoomServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void carlAndDoraJoin() {
        room = server.create(server.aRoom().version(VERSION).preset("public_chat"));
        others = new PlayedRoom(VERSION, room, ONE, TWO);
        arrivals = new Arrivals(server, room, VERSION, List.of(ONE, TWO));
        othersHear();
        says(Draft.joins(CARL), newest());
        says(Draft.joins(DORA), newest());
    }

    /** All that this server has said since they last heard of it. */
    private void othersHear() {
        for (StoredEvent stored : server.queries()
                .events(room, RoomPlace.BEGINNING, RoomPlace.END, false, 1_000)
                .events()) {
            others.hears(Pdu.parse(VERSION, stored.event().body()));
        }
    }

    private EventId newest() {
        List<EventId> extremities = server.graph().forwardExtremities(room);
        assertThat(extremities).hasSize(1);
        return extremities.getFirst();
    }

    /** Accepted, as it has to be. */
    private EventId says(Draft draft, EventId... prevEvents) {
        Pdu event = others.says(draft, prevEvents);
        assertThat(arrivals.answer(event)).isEqualTo(new ReceivedPdu.Accepted(event.eventId()));
        return event.eventId();
    }

    private EventId weSay(String type, @Nullable String stateKey, String content) {
        EventId event = server.send(room, type, stateKey, content);
        othersHear();
        return event;
    }

    private String topic() {
        return content(EventTypes.TOPIC, "").string("topic").orElseThrow();
    }

    private JsonObject content(String type, String stateKey) {
        StoredEvent event = server.queries()
                .stateAt(room, Long.MAX_VALUE, List.of(new Wanted(type, stateKey)))
                .getFirst();
        return JsonParser.parseObject(event.event().body()).object("content").orElseThrow();
    }

    private void alicesLevelsBecome(UserId user, int level) {
        JsonObject levels = content(EventTypes.POWER_LEVELS, "");
        JsonObject users = levels.object("users").orElse(JsonObject.EMPTY).with(user.value(), Json.of(level));
        weSay(EventTypes.POWER_LEVELS, "", levels.with("users", users).toString());
    }

    @Test
    void ourNextEventComesAfterAllThatOthersSaidAtOnce() {
        EventId before = newest();
        EventId carls = says(Draft.message(CARL, "hello"), before);
        EventId doras = says(Draft.message(DORA, "hello"), before);
        assertThat(server.graph().forwardExtremities(room)).containsExactlyInAnyOrder(carls, doras);

        EventId ours = weSay(EventTypes.MESSAGE, null, "{\"body\":\"both?\"}");

        assertThat(others.reference().event(ours).prevEvents()).containsExactlyInAnyOrder(carls, doras);
        assertThat(newest()).isEqualTo(ours);
    }

    @Test
    void whereOthersDisagreeTheStateIsResolvedAndOurNextEventRestsOnThat() throws Exception {
        alicesLevelsBecome(CARL, 50);
        alicesLevelsBecome(DORA, 50);
        EventId before = newest();
        says(Draft.topic(CARL, "carl's"), before);
        says(Draft.topic(DORA, "dora's"), before);
        says(
                Draft.message(CARL, "which?"),
                server.graph().forwardExtremities(room).toArray(EventId[]::new));
        String resolved = topic();
        server.restart();

        EventId ours = weSay(EventTypes.NAME, "", "{\"name\":\"ours\"}");

        assertThat(topic()).isEqualTo(resolved);
        Set<EventId> state =
                Set.copyOf(server.graph().stateBefore(room, ours).orElseThrow().state());
        assertThat(state)
                .isEqualTo(
                        Set.copyOf(others.reference().stateBefore(ours).values().toList()));
        server.assertThatReplayIsWhatWasPublished();
    }

    @Test
    void whoIsBannedMeanwhileFailsSoftlyAndIsNotShown() {
        EventId before = newest();
        assertThat(ban(CARL)).isInstanceOf(RoomAnswer.EventSent.class);
        othersHear();
        EventId ban = newest();
        Pdu evading = others.says(Draft.message(CARL, "evading"), before);

        assertThat(arrivals.answer(evading))
                .isInstanceOfSatisfying(
                        ReceivedPdu.SoftFailed.class,
                        failed -> assertThat(failed.reason()).contains("not in this room"));
        assertThat(server.queries().event(room, evading.eventId())).isEmpty();
        assertThat(newest()).isEqualTo(ban);
        Pdu after = others.says(Draft.message(DORA, "I saw it"), evading.eventId(), ban);
        assertThat(arrivals.answer(after)).isEqualTo(new ReceivedPdu.Accepted(after.eventId()));
        assertThat(newest()).isEqualTo(after.eventId());
    }

    private RoomAnswer ban(UserId user) {
        return server.execute(
                room.value(),
                ChangeMembership.of(
                        room, new Requester(ALICE, null, null), MembershipAction.BAN, user, null, null, null));
    }

    @Test
    void whoIsBannedByAnotherServerIsOutOfTheRoomHereToo() {
        server.join(room);
        othersHear();
        alicesLevelsBecome(CARL, 50);

        says(Draft.member(CARL, BOB, Membership.BAN), newest());

        assertThat(content(EventTypes.MEMBER, BOB.value()).string("membership")).contains("ban");
        assertThat(server.queries().roomsOf(BOB).rooms())
                .filteredOn(known -> known.room().equals(room))
                .singleElement()
                .satisfies(known -> assertThat(known.membership()).isEqualTo("ban"));
    }

    @Test
    void anotherServersRedactionTakesEffectIfItMayBe() {
        EventId carls = says(Draft.message(CARL, "oops"), newest());
        EventId ours = weSay(EventTypes.MESSAGE, null, "{\"body\":\"ours\"}");

        says(Draft.redaction(CARL, carls), newest());
        says(Draft.redaction(CARL, ours), newest());

        assertThat(body(carls)).doesNotContain("oops");
        assertThat(body(ours)).contains("ours");
    }

    private String body(EventId event) {
        return new String(
                server.queries().event(room, event).orElseThrow().event().body(), UTF_8);
    }

    @Test
    void whatCitesAnUnknownEventIsMissingItAndTakenAfterIt() {
        EventId before = newest();
        Pdu first = others.says(Draft.message(CARL, "first"), before);
        Pdu second = others.says(Draft.message(CARL, "second"), first.eventId());

        assertThat(arrivals.answer(second))
                .isEqualTo(new ReceivedPdu.Missing(second.eventId(), List.of(first.eventId())));
        arrivals.arrive(List.of(first, second));
        assertThat(newest()).isEqualTo(second.eventId());
    }

    @Test
    void aDamagedRoomIsRefusedAndTheOthersOfItsShardGoOn() throws Exception {
        RoomId damaged = room;
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
        EventId before = newest();
        for (int i = 0; i < 30; i++) {
            says(Draft.message(i % 2 == 0 ? CARL : DORA, "all at once " + i), before);
        }
        assertThat(server.graph().forwardExtremities(room)).hasSizeLessThanOrEqualTo(10);
    }
}
