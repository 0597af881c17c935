package io.myelin.roomserver;

import static io.myelin.roomserver.federated.RemoteUsers.CARL;
import static io.myelin.roomserver.federated.RemoteUsers.DORA;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.room.ReceivedPdu;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomGraphQueries.StateIds;
import io.myelin.contracts.room.RoomQueries.StateSince;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.RoomQueries.UserRoom;
import io.myelin.contracts.room.RoomQueries.Wanted;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.roomserver.federated.Draft;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Outliers that arrive again when the events before them are known. */
class PromotedOutlierIT {

    @AutoClose
    private static final RunningRoomServer server = new RunningRoomServer();

    private SharedRoom room;

    @BeforeEach
    void carlJoins() {
        room = SharedRoom.joinedBy(server, CARL);
        room.alicesLevelsBecome(CARL, 50);
    }

    private void weSay(String text) {
        room.weSay(EventTypes.MESSAGE, null, "{\"body\":\"" + text + "\"}");
    }

    private Pdu anOutlier(Draft draft, EventId... prevEvents) {
        Pdu event = room.others().says(draft, prevEvents);
        room.comesAsOutlier(event);
        assertThat(server.queries().event(room.id(), event.eventId())).isEmpty();
        return event;
    }

    private void isExact(EventId event) {
        assertThat(server.graph()
                        .stateBefore(room.id(), event)
                        .map(StateIds::state)
                        .map(Set::copyOf))
                .contains(Set.copyOf(
                        room.others().reference().stateBefore(event).values().toList()));
    }

    @Test
    void becomePartOfTheStateFromTheirPlaceOn() throws Exception {
        Pdu topic = anOutlier(Draft.topic(CARL, "promoted"), room.newest());
        server.send(server.createIn(0), EventTypes.MESSAGE, null, "{}");
        assertThat(room.arrivals().answer(topic)).isEqualTo(new ReceivedPdu.Accepted(topic.eventId()));

        StoredEvent placed = room.stored(topic);
        assertThat(placed.number()).isLessThan(placed.seq());
        assertThat(placed.event().outsideCurrentState()).isFalse();
        assertThat(room.everything().getLast())
                .satisfies(last -> assertThat(last.event().id()).isEqualTo(topic.eventId()));
        assertThat(room.current(EventTypes.TOPIC, "").event().id()).isEqualTo(topic.eventId());
        assertThat(server.queries().stateHistory(room.id(), EventTypes.TOPIC, ""))
                .extracting(StateSince::seq)
                .containsExactly(placed.seq());
        assertThat(server.queries().stateAt(room.id(), placed.seq() - 1, List.of(new Wanted(EventTypes.TOPIC, ""))))
                .isEmpty();
        assertThat(room.newest()).isEqualTo(topic.eventId());

        Pdu next = room.others().says(Draft.topic(CARL, "the next"), topic.eventId());
        assertThat(room.arrivals().answer(next)).isEqualTo(new ReceivedPdu.Accepted(next.eventId()));
        isExact(next.eventId());
        server.restart();
        weSay("after all that");
        assertThat(room.newest()).isEqualTo(room.everything().getLast().event().id());
        isExact(room.newest());
        assertThat(room.stored(next).event().replaces()).isEqualTo(placed.number());
        assertThat(new String(requireNonNull(room.stored(next).prevContent()))).contains("promoted");
        server.assertThatReplayIsWhatWasPublished();
    }

    @Test
    void goOnWhenTheProcessHasStartedAnew() throws Exception {
        Pdu topic = anOutlier(Draft.topic(CARL, "promoted"), room.newest());
        assertThat(room.arrivals().answer(topic)).isEqualTo(new ReceivedPdu.Accepted(topic.eventId()));
        server.restart();

        assertThat(room.newest()).isEqualTo(topic.eventId());
        weSay("hello");

        isExact(room.newest());
        assertThat(room.others().reference().event(room.newest()).prevEvents()).containsExactly(topic.eventId());
    }

    @Test
    void areMembersSinceTheirPlace() {
        Pdu joins = anOutlier(Draft.joins(DORA), room.newest());
        assertThat(server.queries().roomsOf(DORA).rooms()).isEmpty();
        assertThat(room.arrivals().answer(joins)).isEqualTo(new ReceivedPdu.Accepted(joins.eventId()));

        UserRoom member = server.queries().roomsOf(DORA).rooms().getFirst();
        assertThat(member.membership()).isEqualTo("join");
        assertThat(member.event()).isEqualTo(joins.eventId());
        assertThat(member.seq()).isEqualTo(room.stored(joins).seq()).isEqualTo(member.newestSeq());
        assertThat(server.queries().joinedMembers(room.id())).isEqualTo(3);
    }

    @Test
    void areCitedByWhatComesWithThem() {
        Pdu topic = anOutlier(Draft.topic(CARL, "promoted"), room.newest());
        Pdu after = room.others().says(Draft.message(CARL, "a new topic"), topic.eventId());
        Pdu name = room.others()
                .says(Draft.state(CARL, "org.example.colour", "", JsonObject.of("colour", "green")), after.eventId());

        assertThat(room.arrivals().live(List.of(topic, after, name), Map.of()))
                .allMatch(answer -> answer instanceof ReceivedPdu.Accepted || answer instanceof ReceivedPdu.Rejected);
        isExact(after.eventId());
        isExact(name.eventId());
        server.assertThatReplayIsWhatWasPublished();
    }

    @Test
    void areRejectedIfTheStateBeforeThemDoesNotPermitThem() {
        EventId before = room.newest();
        room.says(Draft.member(CARL, CARL, Membership.LEAVE), before);
        Pdu late = room.others().says(Draft.message(CARL, "still here"), before);
        Pdu wrong = room.others().says(Draft.joins(DORA), before);
        assertThat(room.arrivals().asOutliers(List.of(late, wrong))).hasOnlyElementsOfType(ReceivedPdu.Accepted.class);

        assertThat(room.arrivals().answer(late)).isInstanceOf(ReceivedPdu.SoftFailed.class);
        assertThat(room.arrivals().answer(late)).isInstanceOf(ReceivedPdu.SoftFailed.class);
        assertThat(server.queries().event(room.id(), late.eventId())).isEmpty();
        isExact(late.eventId());
        server.assertThatReplayIsWhatWasPublished();
    }

    @Test
    void whatItsAuthEventsDoNotPermitStaysRejectedButOthersMayComeAfterIt() {
        Pdu topic = room.others().says(Draft.topic(DORA, "not even in the room"), room.newest());
        assertThat(room.arrivals().asOutliers(List.of(topic))).hasOnlyElementsOfType(ReceivedPdu.Rejected.class);
        Pdu after = room.others().says(Draft.message(CARL, "what was that?"), topic.eventId());
        assertThat(room.arrivals().answer(after)).isInstanceOf(ReceivedPdu.Missing.class);

        assertThat(room.arrivals().answer(topic)).isInstanceOf(ReceivedPdu.Rejected.class);

        assertThat(room.arrivals().answer(after)).isEqualTo(new ReceivedPdu.Accepted(after.eventId()));
        isExact(after.eventId());
        assertThat(server.queries().event(room.id(), topic.eventId())).isEmpty();
        server.assertThatReplayIsWhatWasPublished();
    }

    @Test
    void areWhatTheyWereWhenTheyFirstCame() {
        Pdu said = room.others().says(Draft.message(CARL, "as it was said"), room.newest());
        Pdu forged = Pdu.of(RoomVersions.V11, said.json().with("content", JsonObject.of("body", "as it was not")));
        assertThat(forged.eventId()).isEqualTo(said.eventId());
        assertThat(room.arrivals().asOutliers(List.of(forged))).hasOnlyElementsOfType(ReceivedPdu.Accepted.class);

        assertThat(room.arrivals().answer(said)).isInstanceOf(ReceivedPdu.Accepted.class);

        assertThat(room.stored(said).event().body()).isEqualTo(said.redacted().bytes());
        server.assertThatReplayIsWhatWasPublished();
    }

    @Test
    void getTheirPlaceInTheHistoryToo() throws Exception {
        EventId before = room.newest();
        Pdu topic = anOutlier(Draft.topic(CARL, "of long ago"), before);
        weSay("now");
        EventId now = room.newest();
        Pdu redacted = room.others().says(Draft.message(CARL, "secret"), topic.eventId());
        Pdu redaction = room.others().says(Draft.redaction(CARL, redacted.eventId()), redacted.eventId());

        assertThat(room.arrivals().asHistory(List.of(topic, redacted, redaction), now, Map.of()))
                .hasOnlyElementsOfType(ReceivedPdu.Accepted.class);

        assertThat(room.everything().reversed().stream()
                        .limit(4)
                        .map(stored -> stored.event().id()))
                .containsExactly(now, redaction.eventId(), redacted.eventId(), topic.eventId());
        assertThat(server.queries().stateHistory(room.id(), EventTypes.TOPIC, ""))
                .isEmpty();
        assertThat(new String(room.stored(redacted).event().body())).doesNotContain("secret");
        assertThat(room.newest()).isEqualTo(now);
        isExact(redacted.eventId());
        server.assertThatReplayIsWhatWasPublished();
        server.restart();
        weSay("and on");
        isExact(room.newest());
        server.assertThatReplayIsWhatWasPublished();
    }

    @Test
    void whoWasBannedMeanwhileHadTheirPlaceInTheHistory() {
        EventId before = room.newest();
        Pdu said = room.others().says(Draft.message(CARL, "before I was banned"), before);
        assertThat(room.aliceBans(CARL)).isInstanceOf(RoomAnswer.EventSent.class);

        assertThat(room.arrivals().asHistory(List.of(said), room.newest(), Map.of()))
                .containsExactly(new ReceivedPdu.Accepted(said.eventId()));

        assertThat(room.stored(said).place().isHistory()).isTrue();
    }
}
