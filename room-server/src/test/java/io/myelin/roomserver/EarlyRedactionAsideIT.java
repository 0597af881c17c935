package io.myelin.roomserver;

import static io.myelin.roomserver.federated.RemoteUsers.CARL;
import static io.myelin.roomserver.federated.RemoteUsers.ERIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.room.ReceivedPdu;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import io.myelin.roomserver.federated.Draft;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Redactions that arrive before the events that they redact, where one of the two is not live. */
class EarlyRedactionAsideIT {

    @AutoClose
    private static final RunningRoomServer server = new RunningRoomServer();

    private SharedRoom room;
    private RedactedEvents events;

    /** The event that the events of the tests come after, unless they name another. */
    private EventId before;

    @BeforeEach
    void othersJoin() {
        room = SharedRoom.joinedBy(server, CARL, ERIN);
        events = new RedactedEvents(server, room);
        room.alicesLevelsBecome(CARL, 50);
        before = room.newest();
    }

    private Pdu says(Draft draft) {
        return room.others().says(draft, before);
    }

    private Pdu saysSecret(UserId sender) {
        return says(Draft.message(sender, "secret"));
    }

    @Test
    void takeEffectOnWhatWasAnOutlierWhenTheyCame() throws Exception {
        Pdu said = saysSecret(ERIN);
        room.comesAsOutlier(said);
        Pdu redaction = says(Draft.redaction(CARL, said.eventId()));
        room.comes(redaction);
        Pdu other = saysSecret(ERIN);
        room.comesAsOutlier(other);
        Pdu otherRedaction = says(Draft.redaction(CARL, other.eventId()));
        room.comes(otherRedaction, said);
        server.restart();
        room.comes(other);

        events.isRedacted(said, redaction);
        events.isRedacted(other, otherRedaction);
        events.readersAreToldOf(said, redaction);
        events.readersAreToldOf(other, otherRedaction);
    }

    @Test
    void ofOursTakeEffectOnWhatWasAnOutlierWhenTheyCame() {
        Pdu said = saysSecret(ERIN);
        room.comesAsOutlier(said);
        EventId redaction = server.redact(room.id(), said.eventId());
        room.othersHear();

        room.comes(said);

        events.isRedacted(said, room.others().reference().event(redaction));
        events.readersAreToldOf(said, room.others().reference().event(redaction));
    }

    @Test
    void takeEffectOnWhatComesAsAnOutlierAndGetsItsPlaceLater() throws Exception {
        Pdu said = saysSecret(ERIN);
        Pdu redaction = says(Draft.redaction(CARL, said.eventId()));
        room.comes(redaction);
        room.comesAsOutlier(said);
        assertThat(server.graph().pdus(room.id(), List.of(said.eventId())))
                .containsExactly(said.redacted().bytes());
        server.restart();

        room.comes(said);

        events.isRedacted(said, redaction);
        events.readersAreToldOf(said, redaction);
    }

    @Test
    void takeEffectOnHistory() {
        Pdu said = saysSecret(ERIN);
        Pdu redaction = says(Draft.redaction(CARL, said.eventId()));
        room.comes(redaction);

        assertThat(room.arrivals().asHistory(List.of(said), redaction.eventId(), Map.of()))
                .containsExactly(new ReceivedPdu.Accepted(said.eventId()));

        events.isRedacted(said, redaction);
        assertThat(room.stored(said).place().isHistory()).isTrue();
        assertThat(server.queries()
                        .events(room.id(), RoomPlace.BEGINNING, RoomPlace.END, true, 2)
                        .events()
                        .getLast())
                .satisfies(shown -> RedactedEvents.isRedacted(shown, said, redaction));
        server.assertThatReplayIsWhatWasPublished();
    }

    @Test
    void takeEffectIfTheyAreHistoryThemselves() throws Exception {
        Pdu said = saysSecret(ERIN);
        Pdu redaction = says(Draft.redaction(CARL, said.eventId()));
        Pdu now = room.others().says(Draft.message(CARL, "now"), before);
        room.comes(now);
        assertThat(room.arrivals().asHistory(List.of(redaction), now.eventId(), Map.of()))
                .containsExactly(new ReceivedPdu.Accepted(redaction.eventId()));
        server.restart();

        room.comes(said);

        events.isRedacted(said, redaction);
        events.readersAreToldOf(said, redaction);
    }

    @Test
    void takeEffectOnAStateThatIsTold() throws Exception {
        Pdu topic = says(Draft.topic(CARL, "secret"));
        Pdu redaction = says(Draft.redaction(CARL, topic.eventId()));
        room.comes(redaction);
        Pdu after = room.others().says(Draft.message(CARL, "which topic?"), topic.eventId());
        room.comesAsOutlier(topic);
        Collection<EventId> state =
                room.others().reference().stateBefore(after.eventId()).values().toList();

        assertThat(room.arrivals().answer(after, room.arrivals().staged(List.copyOf(state), 500)))
                .isEqualTo(new ReceivedPdu.Accepted(after.eventId()));
        room.comes(room.others().says(Draft.message(CARL, "settled"), after.eventId(), redaction.eventId()));

        assertThat(room.current(EventTypes.TOPIC, "").event().id()).isEqualTo(topic.eventId());
        RedactedEvents.isRedacted(room.current(EventTypes.TOPIC, ""), topic, redaction);
        server.restart();
        RedactedEvents.isRedacted(room.current(EventTypes.TOPIC, ""), topic, redaction);
        server.assertThatReplayIsWhatWasPublished();
    }
}
