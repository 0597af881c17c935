package io.myelin.roomserver;

import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.BOB;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.myelin.contracts.Partitions;
import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.ReceivedPdu;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.ChangeMembership;
import io.myelin.contracts.room.RoomCommand.PurgeRoom;
import io.myelin.contracts.room.RoomFact.RoomEvent;
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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Redactions that come before what they redact. Room version 3, "Handling redactions". */
class EarlyRedactionIT {

    private static final RemoteServer ONE = RemoteServer.named("one.example");
    private static final RemoteServer TWO = RemoteServer.named("two.example");
    private static final UserId CARL = ONE.user("carl");
    private static final UserId ERIN = ONE.user("erin");
    private static final UserId DORA = TWO.user("dora");
    private static final RoomVersion VERSION = RoomVersions.V11;

    private static RunningRoomServer server;

    private RoomId room;
    private PlayedRoom others;
    private Arrivals arrivals;

    /** What all that is said here comes after, unless it is told otherwise. */
    private EventId before;

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
        comes(others.says(Draft.joins(CARL), newest()));
        comes(others.says(Draft.joins(ERIN), newest()));
        comes(others.says(Draft.joins(DORA), newest()));
        becomesModerator(CARL);
        before = newest();
    }

    private void othersHear() {
        server.queries()
                .events(room, RoomPlace.BEGINNING, RoomPlace.END, false, 1_000)
                .events()
                .forEach(
                        stored -> others.hears(Pdu.parse(VERSION, stored.event().body())));
    }

    private void becomesModerator(UserId user) {
        JsonObject levels = JsonParser.parseObject(
                        current(EventTypes.POWER_LEVELS, "").event().body())
                .object("content")
                .orElseThrow();
        JsonObject users = levels.object("users").orElse(JsonObject.EMPTY).with(user.value(), Json.of(50));
        server.send(
                room, EventTypes.POWER_LEVELS, "", levels.with("users", users).toString());
        othersHear();
    }

    private EventId newest() {
        List<EventId> extremities = server.graph().forwardExtremities(room);
        assertThat(extremities).hasSize(1);
        return extremities.getFirst();
    }

    private Pdu says(Draft draft) {
        return others.says(draft, before);
    }

    private Pdu saysSecret(UserId sender) {
        return says(Draft.message(sender, "secret"));
    }

    /** Accepted, as it has to be. */
    private void comes(Pdu... events) {
        for (Pdu event : events) {
            assertThat(arrivals.answer(event)).isEqualTo(new ReceivedPdu.Accepted(event.eventId()));
        }
    }

    private void comesAsOutlier(Pdu event) {
        assertThat(arrivals.asOutliers(List.of(event))).containsExactly(new ReceivedPdu.Accepted(event.eventId()));
    }

    private StoredEvent stored(Pdu event) {
        return server.queries().event(room, event.eventId()).orElseThrow();
    }

    private StoredEvent current(String type, String stateKey) {
        return server.queries()
                .stateAt(room, Long.MAX_VALUE, List.of(new Wanted(type, stateKey)))
                .getFirst();
    }

    /** Whoever asks is shown what the redaction left, and why. */
    private void isRedacted(Pdu event, Pdu because) {
        isRedacted(stored(event), event, because);
        assertThat(server.graph().pdus(room, List.of(event.eventId())))
                .containsExactly(event.redacted().bytes());
    }

    private static void isRedacted(StoredEvent stored, Pdu event, Pdu because) {
        assertThat(stored.event().id()).isEqualTo(event.eventId());
        assertThat(stored.event().body()).isEqualTo(event.redacted().bytes());
        RoomEvent redaction = requireNonNull(stored.redactedBecause());
        assertThat(redaction.id()).isEqualTo(because.eventId());
        assertThat(redaction.body()).isEqualTo(because.bytes());
    }

    private void isWhole(Pdu event) {
        assertThat(stored(event).event().body()).isEqualTo(event.bytes());
        assertThat(stored(event).redactedBecause()).isNull();
        assertThat(server.graph().pdus(room, List.of(event.eventId()))).containsExactly(event.bytes());
    }

    /** The log tells readers of a live event by what it was redacted. */
    private void readersAreToldOf(Pdu event, Pdu because) {
        assertThat(
                        server
                                .queries()
                                .replay(Partitions.of(room.value(), RunningRoomServer.SHARDS), 0, 100_000)
                                .facts()
                                .stream()
                                .flatMap(fact ->
                                        fact.fact() instanceof RoomEvent live ? Stream.of(live) : Stream.empty())
                                .filter(live -> live.id().equals(event.eventId())))
                .singleElement()
                .satisfies(live -> assertThat(requireNonNull(live.redactedBecause()))
                        .satisfies(redaction -> {
                            assertThat(redaction.id()).isEqualTo(because.eventId());
                            assertThat(redaction.sender()).isEqualTo(because.sender());
                            assertThat(redaction.timestamp()).isEqualTo(because.originServerTs());
                            assertThat(redaction.body()).isEqualTo(because.bytes());
                        }));
        server.assertThatReplayIsWhatWasPublished();
    }

    @Test
    void takeEffectOnWhatComesLive() {
        Pdu said = saysSecret(ERIN);
        Pdu redaction = says(Draft.redaction(CARL, said.eventId()));
        comes(redaction);

        comes(said);

        isRedacted(said, redaction);
        readersAreToldOf(said, redaction);
        assertThat(server.queries().room(room, 10).orElseThrow().timeline())
                .anySatisfy(shown -> isRedacted(shown, said, redaction));
    }

    @Test
    void takeEffectAfterTheProcessHasStartedAnew() throws Exception {
        Pdu said = saysSecret(ERIN);
        Pdu redaction = says(Draft.redaction(CARL, said.eventId()));
        comes(redaction);
        server.restart();

        comes(said);

        isRedacted(said, redaction);
        server.restart();
        isRedacted(said, redaction);
        readersAreToldOf(said, redaction);
    }

    @Test
    void takeEffectOnWhatComesWithThem() {
        Pdu said = saysSecret(ERIN);
        Pdu redaction = says(Draft.redaction(CARL, said.eventId()));

        assertThat(arrivals.live(List.of(redaction, said), Map.of())).hasOnlyElementsOfType(ReceivedPdu.Accepted.class);

        isRedacted(said, redaction);
        readersAreToldOf(said, redaction);
    }

    @Test
    void takeEffectOnTheStateToo() throws Exception {
        Pdu topic = says(Draft.topic(CARL, "secret"));
        Pdu redaction = says(Draft.redaction(ERIN, topic.eventId()));
        comes(redaction, topic);
        comes(others.says(Draft.message(CARL, "and on"), redaction.eventId(), topic.eventId()));

        isRedacted(current(EventTypes.TOPIC, ""), topic, redaction);
        comes(others.says(Draft.topic(CARL, "polite"), newest()));
        assertThat(new String(requireNonNull(current(EventTypes.TOPIC, "").prevContent())))
                .isEqualTo("{}");
        server.restart();
        server.assertThatReplayIsWhatWasPublished();
    }

    /** What becomes of the user does not depend on what a redaction leaves of the event that says so. */
    @Test
    void takeNoMembershipAway() {
        server.join(room);
        othersHear();
        before = newest();
        Pdu ban = says(Draft.member(CARL, BOB, Membership.BAN));
        comes(says(Draft.redaction(CARL, ban.eventId())));
        comes(ban);
        comes(others.says(
                Draft.message(CARL, "settled"),
                server.graph().forwardExtremities(room).toArray(EventId[]::new)));

        assertThat(server.queries().roomsOf(BOB).rooms())
                .filteredOn(known -> known.room().equals(room))
                .singleElement()
                .satisfies(known -> assertThat(known.membership()).isEqualTo("ban"));
    }

    @Test
    void haveNoEffectIfTheirSendersMayNot() {
        Pdu said = saysSecret(CARL);
        comes(says(Draft.redaction(DORA, said.eventId())));

        comes(said);

        isWhole(said);
        server.assertThatReplayIsWhatWasPublished();
    }

    @Test
    void theFirstOfSeveralCountsThatMay() throws Exception {
        Pdu said = saysSecret(ERIN);
        Pdu mayNot = says(Draft.redaction(DORA, said.eventId()));
        Pdu may = says(Draft.redaction(ERIN, said.eventId()));
        Pdu mayToo = says(Draft.redaction(CARL, said.eventId()));
        comes(mayNot, may);
        server.restart();
        comes(mayToo);

        comes(said);

        isRedacted(said, may);
        readersAreToldOf(said, may);
    }

    @Test
    void haveNoEffectOnEventsOfOtherRooms() {
        Pdu said = saysSecret(ERIN);
        RoomId here = room;
        PlayedRoom othersHere = others;
        Arrivals arrivalsHere = arrivals;
        room = server.createIn(Partitions.of(here.value(), RunningRoomServer.SHARDS));
        RoomVersion version = RoomVersions.find(
                        server.queries().room(room, 1).orElseThrow().version())
                .orElseThrow();
        others = new PlayedRoom(version, room, ONE, TWO);
        arrivals = new Arrivals(server, room, version, List.of(ONE, TWO));
        server.send(room, EventTypes.JOIN_RULES, "", "{\"join_rule\":\"public\"}");
        server.queries()
                .events(room, RoomPlace.BEGINNING, RoomPlace.END, false, 1_000)
                .events()
                .forEach(
                        stored -> others.hears(Pdu.parse(version, stored.event().body())));
        comes(others.says(Draft.joins(ERIN), newest()));
        comes(others.says(Draft.redaction(ERIN, said.eventId()), newest()));
        room = here;
        others = othersHere;
        arrivals = arrivalsHere;

        comes(said);

        isWhole(said);
    }

    @Test
    void haveNoEffectIfTheyFailedSoftly() {
        Pdu said = saysSecret(ERIN);
        Pdu redaction = says(Draft.redaction(DORA, said.eventId()));
        Pdu own = says(Draft.message(DORA, "secret"));
        Pdu ownRedaction = says(Draft.redaction(DORA, own.eventId()));
        EventId ban = TestShard.sent(server.execute(
                room.value(),
                ChangeMembership.of(
                        room, new Requester(ALICE, null, null), MembershipAction.BAN, DORA, null, null, null)));
        assertThat(arrivals.answer(redaction)).isInstanceOf(ReceivedPdu.SoftFailed.class);
        assertThat(arrivals.answer(ownRedaction)).isInstanceOf(ReceivedPdu.SoftFailed.class);

        comes(said);

        isWhole(said);
        assertThat(arrivals.asHistory(List.of(own), ban, Map.of()))
                .containsExactly(new ReceivedPdu.Accepted(own.eventId()));
        isWhole(own);
    }

    @Test
    void takeEffectOnWhatWasAnOutlierWhenTheyCame() throws Exception {
        Pdu said = saysSecret(ERIN);
        comesAsOutlier(said);
        Pdu redaction = says(Draft.redaction(CARL, said.eventId()));
        comes(redaction);
        Pdu other = saysSecret(ERIN);
        comesAsOutlier(other);
        Pdu otherRedaction = says(Draft.redaction(CARL, other.eventId()));
        comes(otherRedaction, said);
        server.restart();
        comes(other);

        isRedacted(said, redaction);
        isRedacted(other, otherRedaction);
        readersAreToldOf(said, redaction);
        readersAreToldOf(other, otherRedaction);
    }

    @Test
    void ofOursTakeEffectOnWhatWasAnOutlierWhenTheyCame() {
        Pdu said = saysSecret(ERIN);
        comesAsOutlier(said);
        EventId redaction = server.redact(room, said.eventId());
        othersHear();

        comes(said);

        isRedacted(said, others.reference().event(redaction));
        readersAreToldOf(said, others.reference().event(redaction));
    }

    @Test
    void takeEffectOnWhatComesAsAnOutlierAndGetsItsPlaceLater() throws Exception {
        Pdu said = saysSecret(ERIN);
        Pdu redaction = says(Draft.redaction(CARL, said.eventId()));
        comes(redaction);
        comesAsOutlier(said);
        assertThat(server.graph().pdus(room, List.of(said.eventId())))
                .containsExactly(said.redacted().bytes());
        server.restart();

        comes(said);

        isRedacted(said, redaction);
        readersAreToldOf(said, redaction);
    }

    @Test
    void takeEffectOnHistory() {
        Pdu said = saysSecret(ERIN);
        Pdu redaction = says(Draft.redaction(CARL, said.eventId()));
        comes(redaction);

        assertThat(arrivals.asHistory(List.of(said), redaction.eventId(), Map.of()))
                .containsExactly(new ReceivedPdu.Accepted(said.eventId()));

        isRedacted(said, redaction);
        assertThat(stored(said).place().isHistory()).isTrue();
        assertThat(server.queries()
                        .events(room, RoomPlace.BEGINNING, RoomPlace.END, true, 2)
                        .events()
                        .getLast())
                .satisfies(shown -> isRedacted(shown, said, redaction));
        server.assertThatReplayIsWhatWasPublished();
    }

    @Test
    void takeEffectIfTheyAreHistoryThemselves() throws Exception {
        Pdu said = saysSecret(ERIN);
        Pdu redaction = says(Draft.redaction(CARL, said.eventId()));
        Pdu now = others.says(Draft.message(CARL, "now"), before);
        comes(now);
        assertThat(arrivals.asHistory(List.of(redaction), now.eventId(), Map.of()))
                .containsExactly(new ReceivedPdu.Accepted(redaction.eventId()));
        server.restart();

        comes(said);

        isRedacted(said, redaction);
        readersAreToldOf(said, redaction);
    }

    @Test
    void takeEffectOnAStateThatIsTold() throws Exception {
        Pdu topic = says(Draft.topic(CARL, "secret"));
        Pdu redaction = says(Draft.redaction(CARL, topic.eventId()));
        comes(redaction);
        Pdu after = others.says(Draft.message(CARL, "which topic?"), topic.eventId());
        comesAsOutlier(topic);
        Collection<EventId> state =
                others.reference().stateBefore(after.eventId()).values().toList();

        assertThat(arrivals.answer(after, arrivals.staged(List.copyOf(state), 500)))
                .isEqualTo(new ReceivedPdu.Accepted(after.eventId()));
        comes(others.says(Draft.message(CARL, "settled"), after.eventId(), redaction.eventId()));

        assertThat(current(EventTypes.TOPIC, "").event().id()).isEqualTo(topic.eventId());
        isRedacted(current(EventTypes.TOPIC, ""), topic, redaction);
        server.restart();
        isRedacted(current(EventTypes.TOPIC, ""), topic, redaction);
        server.assertThatReplayIsWhatWasPublished();
    }

    @Test
    void goWithTheirRoom() throws Exception {
        Pdu said = saysSecret(ERIN);
        Pdu never = saysSecret(DORA);
        comes(says(Draft.redaction(CARL, said.eventId())), says(Draft.redaction(CARL, never.eventId())), said);
        String rows = "SELECT count(*) FROM room.early_redaction WHERE room = " + numberOfRoom();
        assertThat(server.numbers(rows)).containsExactly(2L);
        List<Long> facts = server.numbers("SELECT seq FROM room.early_redaction WHERE room = " + numberOfRoom());
        String log = "SELECT count(*) FROM room.log WHERE kind = 15 AND shard = "
                + Partitions.of(room.value(), RunningRoomServer.SHARDS) + " AND seq IN (" + facts.getFirst() + ", "
                + facts.getLast() + ")";
        assertThat(server.numbers(log)).containsExactly(2L);

        assertThat(server.execute(room.value(), new PurgeRoom(room, true, List.of(), null)))
                .isInstanceOf(RoomAnswer.Done.class);

        await().atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(server.numbers("SELECT count(*) FROM room.purge"))
                        .containsExactly(0L));
        assertThat(server.numbers(rows)).containsExactly(0L);
        assertThat(server.numbers(log)).containsExactly(0L);
    }

    private long numberOfRoom() throws Exception {
        return server.numbers("SELECT number FROM room.room WHERE room_id = '" + room.value() + "'")
                .getFirst();
    }
}
