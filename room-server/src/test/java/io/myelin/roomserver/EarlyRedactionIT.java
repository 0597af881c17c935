package io.myelin.roomserver;

import static io.myelin.roomserver.TestShard.BOB;
import static io.myelin.roomserver.federated.RemoteUsers.CARL;
import static io.myelin.roomserver.federated.RemoteUsers.DORA;
import static io.myelin.roomserver.federated.RemoteUsers.ERIN;
import static io.myelin.roomserver.federated.RemoteUsers.ONE;
import static io.myelin.roomserver.federated.RemoteUsers.TWO;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.myelin.contracts.Partitions;
import io.myelin.contracts.room.ReceivedPdu;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.PurgeRoom;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.roomserver.federated.Draft;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Redactions that arrive before the events that they redact. Room version 3, "Handling redactions". */
class EarlyRedactionIT {

    @AutoClose
    private static final RunningRoomServer server = new RunningRoomServer();

    private SharedRoom room;
    private RedactedEvents events;

    /** The event that the events of the tests come after, unless they name another. */
    private EventId before;

    @BeforeEach
    void othersJoin() {
        room = SharedRoom.joinedBy(server, CARL, ERIN, DORA);
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
    void takeEffectOnWhatComesLive() {
        Pdu said = saysSecret(ERIN);
        Pdu redaction = says(Draft.redaction(CARL, said.eventId()));
        room.comes(redaction);

        room.comes(said);

        events.isRedacted(said, redaction);
        events.readersAreToldOf(said, redaction);
        assertThat(Snapshots.timeline(server.queries(), room.id(), 10))
                .anySatisfy(shown -> RedactedEvents.isRedacted(shown, said, redaction));
    }

    @Test
    void takeEffectAfterTheProcessHasStartedAnew() throws Exception {
        Pdu said = saysSecret(ERIN);
        Pdu redaction = says(Draft.redaction(CARL, said.eventId()));
        room.comes(redaction);
        server.restart();

        room.comes(said);

        events.isRedacted(said, redaction);
        server.restart();
        events.isRedacted(said, redaction);
        events.readersAreToldOf(said, redaction);
    }

    @Test
    void takeEffectOnWhatComesWithThem() {
        Pdu said = saysSecret(ERIN);
        Pdu redaction = says(Draft.redaction(CARL, said.eventId()));

        assertThat(room.arrivals().live(List.of(redaction, said), Map.of()))
                .hasOnlyElementsOfType(ReceivedPdu.Accepted.class);

        events.isRedacted(said, redaction);
        events.readersAreToldOf(said, redaction);
    }

    @Test
    void takeEffectOnTheStateToo() throws Exception {
        Pdu topic = says(Draft.topic(CARL, "secret"));
        Pdu redaction = says(Draft.redaction(ERIN, topic.eventId()));
        room.comesInVain(redaction);
        room.comes(topic);
        room.comes(room.others().says(Draft.message(CARL, "and on"), redaction.eventId(), topic.eventId()));

        RedactedEvents.isRedacted(room.current(EventTypes.TOPIC, ""), topic, redaction);
        room.comes(room.others().says(Draft.topic(CARL, "polite"), room.newest()));
        assertThat(new String(requireNonNull(room.current(EventTypes.TOPIC, "").prevContent())))
                .isEqualTo("{}");
        server.restart();
        server.assertThatReplayIsWhatWasPublished();
    }

    @Test
    void takeNoMembershipAway() {
        server.join(room.id());
        room.othersHear();
        before = room.newest();
        Pdu ban = says(Draft.member(CARL, BOB, Membership.BAN));
        room.comes(says(Draft.redaction(CARL, ban.eventId())));
        room.comes(ban);
        room.comes(room.others().says(Draft.message(CARL, "settled"), room.extremities()));

        assertThat(server.queries().roomsOf(BOB).rooms())
                .filteredOn(known -> known.room().equals(room.id()))
                .singleElement()
                .satisfies(known -> assertThat(known.membership()).isEqualTo("ban"));
    }

    @Test
    void haveNoEffectIfTheirSendersMayNot() {
        Pdu said = saysSecret(CARL);
        room.comesInVain(says(Draft.redaction(DORA, said.eventId())));

        room.comes(said);

        events.isWhole(said);
        server.assertThatReplayIsWhatWasPublished();
    }

    @Test
    void theFirstOfSeveralCountsThatMay() throws Exception {
        Pdu said = saysSecret(ERIN);
        Pdu mayNot = says(Draft.redaction(DORA, said.eventId()));
        Pdu may = says(Draft.redaction(ERIN, said.eventId()));
        Pdu mayToo = says(Draft.redaction(CARL, said.eventId()));
        room.comesInVain(mayNot, may);
        server.restart();
        room.comes(mayToo);

        room.comes(said);

        events.isRedacted(said, may);
        events.readersAreToldOf(said, may);
    }

    @Test
    void haveNoEffectOnEventsOfOtherRooms() {
        Pdu said = saysSecret(ERIN);
        RoomId other = server.createIn(Partitions.of(room.id().value(), RunningRoomServer.SHARDS));
        server.send(other, EventTypes.JOIN_RULES, "", "{\"join_rule\":\"public\"}");
        SharedRoom elsewhere = new SharedRoom(server, other, ONE, TWO);
        elsewhere.says(Draft.joins(ERIN), elsewhere.newest());
        elsewhere.comesInVain(elsewhere.others().says(Draft.redaction(ERIN, said.eventId()), elsewhere.newest()));

        room.comes(said);

        events.isWhole(said);
    }

    @Test
    void haveNoEffectIfTheyFailedSoftly() {
        Pdu said = saysSecret(ERIN);
        Pdu redaction = says(Draft.redaction(DORA, said.eventId()));
        Pdu own = says(Draft.message(DORA, "secret"));
        Pdu ownRedaction = says(Draft.redaction(DORA, own.eventId()));
        EventId ban = TestShard.sent(room.aliceBans(DORA));
        assertThat(room.arrivals().answer(redaction)).isInstanceOf(ReceivedPdu.SoftFailed.class);
        assertThat(room.arrivals().answer(ownRedaction)).isInstanceOf(ReceivedPdu.SoftFailed.class);

        room.comes(said);

        events.isWhole(said);
        assertThat(room.arrivals().asHistory(List.of(own), ban, Map.of()))
                .containsExactly(new ReceivedPdu.Accepted(own.eventId()));
        events.isWhole(own);
    }

    @Test
    void goWithTheirRoom() throws Exception {
        Pdu said = saysSecret(ERIN);
        Pdu never = saysSecret(DORA);
        room.comes(says(Draft.redaction(CARL, said.eventId())), says(Draft.redaction(CARL, never.eventId())), said);
        String rows = "SELECT count(*) FROM room.early_redaction WHERE shard = "
                + Partitions.of(room.id().value(), RunningRoomServer.SHARDS) + " AND room = " + numberOfRoom();
        assertThat(server.numbers(rows)).containsExactly(2L);
        List<Long> facts = server.numbers("SELECT seq FROM room.early_redaction WHERE room = " + numberOfRoom());
        String log = "SELECT count(*) FROM room.log WHERE kind = 15 AND shard = "
                + Partitions.of(room.id().value(), RunningRoomServer.SHARDS) + " AND seq IN (" + facts.getFirst() + ", "
                + facts.getLast() + ")";
        assertThat(server.numbers(log)).containsExactly(2L);

        assertThat(server.execute(room.id().value(), new PurgeRoom(room.id(), true, List.of(), null)))
                .isInstanceOf(RoomAnswer.Done.class);

        await().atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(server.numbers("SELECT count(*) FROM room.purge"))
                        .containsExactly(0L));
        assertThat(server.numbers(rows)).containsExactly(0L);
        assertThat(server.numbers(log)).containsExactly(0L);
    }

    private long numberOfRoom() throws Exception {
        return server.numbers("SELECT number FROM room.room WHERE room_id = '"
                        + room.id().value() + "'")
                .getFirst();
    }
}
