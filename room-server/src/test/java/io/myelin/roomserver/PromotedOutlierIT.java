package io.myelin.roomserver;

import static io.myelin.roomserver.TestShard.ALICE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.ReceivedPdu;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.ChangeMembership;
import io.myelin.contracts.room.RoomGraphQueries.StateIds;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.RoomQueries.StateSince;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.RoomQueries.UserRoom;
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
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events that were known only as what others rest on, and then come with what is before them. */
class PromotedOutlierIT {

    private static final RemoteServer ONE = RemoteServer.named("one.example");
    private static final UserId CARL = ONE.user("carl");
    private static final UserId DORA = ONE.user("dora");
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
    void carlJoins() {
        room = server.create(server.aRoom().version(VERSION).preset("public_chat"));
        others = new PlayedRoom(VERSION, room, ONE);
        arrivals = new Arrivals(server, room, VERSION, List.of(ONE));
        othersHear();
        says(Draft.joins(CARL), newest());
        carlMaySetTheTopic();
    }

    private void carlMaySetTheTopic() {
        byte[] levels = current(EventTypes.POWER_LEVELS, "").event().body();
        JsonObject content = JsonParser.parseObject(levels).object("content").orElseThrow();
        JsonObject users = content.object("users").orElse(JsonObject.EMPTY).with(CARL.value(), Json.of(50));
        server.send(
                room, EventTypes.POWER_LEVELS, "", content.with("users", users).toString());
        othersHear();
    }

    private void othersHear() {
        everything()
                .forEach(
                        stored -> others.hears(Pdu.parse(VERSION, stored.event().body())));
    }

    private List<StoredEvent> everything() {
        return server.queries()
                .events(room, RoomPlace.BEGINNING, RoomPlace.END, false, 1_000)
                .events();
    }

    private EventId newest() {
        List<EventId> extremities = server.graph().forwardExtremities(room);
        assertThat(extremities).hasSize(1);
        return extremities.getFirst();
    }

    private EventId says(Draft draft, EventId... prevEvents) {
        Pdu event = others.says(draft, prevEvents);
        assertThat(arrivals.answer(event)).isEqualTo(new ReceivedPdu.Accepted(event.eventId()));
        return event.eventId();
    }

    private void weSay(String text) {
        server.send(room, EventTypes.MESSAGE, null, "{\"body\":\"" + text + "\"}");
        othersHear();
    }

    private Pdu anOutlier(Draft draft, EventId... prevEvents) {
        Pdu event = others.says(draft, prevEvents);
        assertThat(arrivals.asOutliers(List.of(event))).containsExactly(new ReceivedPdu.Accepted(event.eventId()));
        assertThat(server.queries().event(room, event.eventId())).isEmpty();
        return event;
    }

    private StoredEvent stored(Pdu event) {
        return server.queries().event(room, event.eventId()).orElseThrow();
    }

    private StoredEvent current(String type, String stateKey) {
        return server.queries()
                .stateAt(room, Long.MAX_VALUE, List.of(new Wanted(type, stateKey)))
                .getFirst();
    }

    private void isExact(EventId event) {
        assertThat(server.graph().stateBefore(room, event).map(StateIds::state).map(Set::copyOf))
                .contains(Set.copyOf(
                        others.reference().stateBefore(event).values().toList()));
    }

    @Test
    void becomePartOfTheStateFromTheirPlaceOn() throws Exception {
        Pdu topic = anOutlier(Draft.topic(CARL, "promoted"), newest());
        server.send(server.createIn(0), EventTypes.MESSAGE, null, "{}");
        assertThat(arrivals.answer(topic)).isEqualTo(new ReceivedPdu.Accepted(topic.eventId()));

        StoredEvent placed = stored(topic);
        assertThat(placed.number()).isLessThan(placed.seq());
        assertThat(placed.event().aside()).isFalse();
        assertThat(everything().getLast())
                .satisfies(last -> assertThat(last.event().id()).isEqualTo(topic.eventId()));
        assertThat(current(EventTypes.TOPIC, "").event().id()).isEqualTo(topic.eventId());
        assertThat(server.queries().stateHistory(room, EventTypes.TOPIC, ""))
                .extracting(StateSince::seq)
                .containsExactly(placed.seq());
        assertThat(server.queries().stateAt(room, placed.seq() - 1, List.of(new Wanted(EventTypes.TOPIC, ""))))
                .isEmpty();
        assertThat(newest()).isEqualTo(topic.eventId());

        Pdu next = others.says(Draft.topic(CARL, "the next"), topic.eventId());
        assertThat(arrivals.answer(next)).isEqualTo(new ReceivedPdu.Accepted(next.eventId()));
        isExact(next.eventId());
        server.restart();
        weSay("after all that");
        assertThat(newest()).isEqualTo(everything().getLast().event().id());
        isExact(newest());
        assertThat(stored(next).event().replaces()).isEqualTo(placed.number());
        assertThat(new String(requireNonNull(stored(next).prevContent()))).contains("promoted");
        server.assertThatReplayIsWhatWasPublished();
    }

    @Test
    void goOnWhenTheProcessHasStartedAnew() throws Exception {
        Pdu topic = anOutlier(Draft.topic(CARL, "promoted"), newest());
        assertThat(arrivals.answer(topic)).isEqualTo(new ReceivedPdu.Accepted(topic.eventId()));
        server.restart();

        assertThat(newest()).isEqualTo(topic.eventId());
        weSay("hello");

        isExact(newest());
        assertThat(others.reference().event(newest()).prevEvents()).containsExactly(topic.eventId());
    }

    @Test
    void areMembersSinceTheirPlace() {
        Pdu joins = anOutlier(Draft.joins(DORA), newest());
        assertThat(server.queries().roomsOf(DORA).rooms()).isEmpty();
        assertThat(arrivals.answer(joins)).isEqualTo(new ReceivedPdu.Accepted(joins.eventId()));

        UserRoom member = server.queries().roomsOf(DORA).rooms().getFirst();
        assertThat(member.membership()).isEqualTo("join");
        assertThat(member.event()).isEqualTo(joins.eventId());
        assertThat(member.seq()).isEqualTo(stored(joins).seq()).isEqualTo(member.newestSeq());
        assertThat(server.queries().joinedMembers(room)).isEqualTo(3);
    }

    @Test
    void areCitedByWhatComesWithThem() {
        Pdu topic = anOutlier(Draft.topic(CARL, "promoted"), newest());
        Pdu after = others.says(Draft.message(CARL, "a new topic"), topic.eventId());
        Pdu name = others.says(
                Draft.state(CARL, "org.example.colour", "", JsonObject.of("colour", "green")), after.eventId());

        assertThat(arrivals.live(List.of(topic, after, name), Map.of()))
                .allMatch(answer -> answer instanceof ReceivedPdu.Accepted || answer instanceof ReceivedPdu.Rejected);
        isExact(after.eventId());
        isExact(name.eventId());
        server.assertThatReplayIsWhatWasPublished();
    }

    @Test
    void areRejectedIfTheStateBeforeThemDoesNotPermitThem() {
        EventId before = newest();
        says(Draft.member(CARL, CARL, Membership.LEAVE), before);
        Pdu late = others.says(Draft.message(CARL, "still here"), before);
        Pdu wrong = others.says(Draft.joins(DORA), before);
        assertThat(arrivals.asOutliers(List.of(late, wrong))).hasOnlyElementsOfType(ReceivedPdu.Accepted.class);

        assertThat(arrivals.answer(late)).isInstanceOf(ReceivedPdu.SoftFailed.class);
        assertThat(arrivals.answer(late)).isInstanceOf(ReceivedPdu.SoftFailed.class);
        assertThat(server.queries().event(room, late.eventId())).isEmpty();
        isExact(late.eventId());
        server.assertThatReplayIsWhatWasPublished();
    }

    @Test
    void whatItsAuthEventsDoNotPermitStaysRejectedButOthersMayComeAfterIt() {
        Pdu topic = others.says(Draft.topic(DORA, "not even in the room"), newest());
        assertThat(arrivals.asOutliers(List.of(topic))).hasOnlyElementsOfType(ReceivedPdu.Rejected.class);
        Pdu after = others.says(Draft.message(CARL, "what was that?"), topic.eventId());
        assertThat(arrivals.answer(after)).isInstanceOf(ReceivedPdu.Missing.class);

        assertThat(arrivals.answer(topic)).isInstanceOf(ReceivedPdu.Rejected.class);

        assertThat(arrivals.answer(after)).isEqualTo(new ReceivedPdu.Accepted(after.eventId()));
        isExact(after.eventId());
        assertThat(server.queries().event(room, topic.eventId())).isEmpty();
        server.assertThatReplayIsWhatWasPublished();
    }

    @Test
    void areWhatTheyWereWhenTheyFirstCame() {
        Pdu said = others.says(Draft.message(CARL, "as it was said"), newest());
        Pdu forged = Pdu.of(VERSION, said.json().with("content", JsonObject.of("body", "as it was not")));
        assertThat(forged.eventId()).isEqualTo(said.eventId());
        assertThat(arrivals.asOutliers(List.of(forged))).hasOnlyElementsOfType(ReceivedPdu.Accepted.class);

        assertThat(arrivals.answer(said)).isInstanceOf(ReceivedPdu.Accepted.class);

        assertThat(stored(said).event().body()).isEqualTo(said.redacted().bytes());
        server.assertThatReplayIsWhatWasPublished();
    }

    @Test
    void getTheirPlaceInTheHistoryToo() throws Exception {
        EventId before = newest();
        Pdu topic = anOutlier(Draft.topic(CARL, "of long ago"), before);
        weSay("now");
        EventId now = newest();
        Pdu redacted = others.says(Draft.message(CARL, "secret"), topic.eventId());
        Pdu redaction = others.says(Draft.redaction(CARL, redacted.eventId()), redacted.eventId());

        assertThat(arrivals.asHistory(List.of(topic, redacted, redaction), now, Map.of()))
                .hasOnlyElementsOfType(ReceivedPdu.Accepted.class);

        assertThat(everything().reversed().stream()
                        .limit(4)
                        .map(stored -> stored.event().id()))
                .containsExactly(now, redaction.eventId(), redacted.eventId(), topic.eventId());
        assertThat(server.queries().stateHistory(room, EventTypes.TOPIC, "")).isEmpty();
        assertThat(new String(stored(redacted).event().body())).doesNotContain("secret");
        assertThat(newest()).isEqualTo(now);
        isExact(redacted.eventId());
        server.assertThatReplayIsWhatWasPublished();
        server.restart();
        weSay("and on");
        isExact(newest());
        server.assertThatReplayIsWhatWasPublished();
    }

    @Test
    void whoWasBannedMeanwhileHadTheirPlaceInTheHistory() {
        EventId before = newest();
        Pdu said = others.says(Draft.message(CARL, "before I was banned"), before);
        assertThat(server.execute(
                        room.value(),
                        ChangeMembership.of(
                                room, new Requester(ALICE, null, null), MembershipAction.BAN, CARL, null, null, null)))
                .isInstanceOf(RoomAnswer.EventSent.class);

        assertThat(arrivals.asHistory(List.of(said), newest(), Map.of()))
                .containsExactly(new ReceivedPdu.Accepted(said.eventId()));

        assertThat(stored(said).place().isHistory()).isTrue();
    }
}
