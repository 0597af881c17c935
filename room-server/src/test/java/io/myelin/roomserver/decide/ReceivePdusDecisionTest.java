package io.myelin.roomserver.decide;

import static io.myelin.roomserver.TestRoom.aRoom;
import static io.myelin.roomserver.federated.RemoteUsers.CARL;
import static io.myelin.roomserver.federated.RemoteUsers.DORA;
import static io.myelin.roomserver.federated.RemoteUsers.ONE;
import static io.myelin.roomserver.federated.RemoteUsers.TWO;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.room.Placement;
import io.myelin.contracts.room.ReceivedPdu;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.ReceivePdus;
import io.myelin.contracts.room.RoomCommand.ServerKey;
import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.engine.Numbered;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.matrix.state.StateKey;
import io.myelin.matrix.state.StateMap;
import io.myelin.roomserver.TestRoom;
import io.myelin.roomserver.TestShard;
import io.myelin.roomserver.federated.Draft;
import io.myelin.roomserver.federated.FederatedRoom;
import io.myelin.roomserver.federated.PlayedRoom;
import io.myelin.roomserver.federated.RemoteServer;
import io.myelin.roomserver.receive.Work;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.StagedState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Limits of what events of other servers may cost. */
class ReceivePdusDecisionTest {

    private static final RoomVersion VERSION = RoomVersions.V11;
    private static final List<ServerKey> KEYS = Stream.of(ONE, TWO)
            .map(from -> new ServerKey(
                    from.name(), from.key().keyId(), from.verifyKey().toBytes(), Long.MAX_VALUE))
            .toList();

    private TestRoom room;
    private TestShard shard;
    private RoomId id;
    private PlayedRoom others;
    private int heard;

    @BeforeEach
    void carlAndDoraJoin() {
        room = aRoom().version(VERSION)
                .preset("public_chat")
                .powerLevels("{\"invite\":0}")
                .create();
        shard = room.shard;
        id = room.id;
        others = new PlayedRoom(VERSION, id, ONE, TWO, RemoteServer.named(TestShard.SERVER.value()));
        othersHear();
        accepted(says(Draft.joins(CARL)));
        accepted(says(Draft.joins(DORA)));
    }

    private void othersHear() {
        for (Numbered<RoomFact> fact : shard.facts.subList(heard, shard.facts.size())) {
            if (fact.fact() instanceof RoomEvent event) {
                others.receives(Pdu.parse(VERSION, event.body()));
            }
        }
        heard = shard.facts.size();
    }

    private Pdu says(Draft draft) {
        return others.says(draft, room.now().extremities().getFirst().id());
    }

    private List<ReceivedPdu> receive(List<ServerKey> keys, List<Pdu> events) {
        RoomAnswer answer = shard.execute(new ReceivePdus(
                id, VERSION.id(), events.stream().map(FederatedRoom::wire).toList(), keys, Placement.LIVE));
        assertThat(answer).isInstanceOf(RoomAnswer.PdusReceived.class);
        return ((RoomAnswer.PdusReceived) answer).pdus();
    }

    private ReceivedPdu receive(Pdu event) {
        return receive(KEYS, List.of(event)).getFirst();
    }

    private void accepted(Pdu event) {
        assertThat(receive(event)).isEqualTo(new ReceivedPdu.Accepted(event.eventId()));
    }

    @Test
    void whatCostsMoreThanACommandMayIsPostponed() {
        EventId last = room.now().extremities().getFirst().id();
        List<Pdu> events = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            Pdu event = others.says(Draft.message(CARL, i + "x".repeat(60_000)), last);
            events.add(event);
            last = event.eventId();
        }

        List<ReceivedPdu> received = receive(KEYS, events);

        int taken = (int) received.stream()
                .takeWhile(ReceivedPdu.Accepted.class::isInstance)
                .count();
        assertThat(taken).isBetween(Work.MOST / (70 * Work.KILOBYTE_READ), 65);
        assertThat(received.subList(taken, 70)).hasOnlyElementsOfType(ReceivedPdu.Postponed.class);
        assertThat(receive(KEYS, events.subList(taken, 70))).hasOnlyElementsOfType(ReceivedPdu.Accepted.class);
    }

    @Test
    void whatIsKnownIsNotVerifiedAgain() {
        Pdu said = says(Draft.message(CARL, "once"));
        accepted(said);
        assertThat(receive(List.of(), List.of(said))).containsExactly(new ReceivedPdu.Accepted(said.eventId()));
    }

    @Test
    void fewKeysOfAServerAreTried() {
        Pdu said = says(Draft.message(CARL, "signed by many"));
        JsonObject signatures = said.json().object("signatures").orElseThrow();
        JsonObject own = signatures.object(ONE.name().value()).orElseThrow();
        String signature = own.string(ONE.key().keyId()).orElseThrow();
        List<ServerKey> keys = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            String keyId = "ed25519:old" + i;
            own = own.with(keyId, signature);
            keys.add(new ServerKey(ONE.name(), keyId, TWO.verifyKey().toBytes(), Long.MAX_VALUE));
        }
        keys.addAll(KEYS);
        Pdu signedByMany = Pdu.of(
                VERSION,
                said.json().with("signatures", signatures.with(ONE.name().value(), own)));
        // None of the first few keys is right. One of the last is, but it is not tried.
        assertThat(receive(keys, List.of(signedByMany)).getFirst()).isInstanceOf(ReceivedPdu.Rejected.class);
        accepted(said);
    }

    @Test
    void keysThatHaveExpiredAreNoneOfTheFew() {
        Pdu said = says(Draft.message(CARL, "signed with old keys too"));
        JsonObject signatures = said.json().object("signatures").orElseThrow();
        JsonObject own = signatures.object(ONE.name().value()).orElseThrow();
        String signature = own.string(ONE.key().keyId()).orElseThrow();
        List<ServerKey> keys = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String keyId = "ed25519:old" + i;
            own = own.with(keyId, signature);
            keys.add(new ServerKey(ONE.name(), keyId, TWO.verifyKey().toBytes(), 1));
        }
        keys.addAll(KEYS);
        Pdu signedByMany = Pdu.of(
                VERSION,
                said.json().with("signatures", signatures.with(ONE.name().value(), own)));

        assertThat(receive(keys, List.of(signedByMany)).getFirst()).isInstanceOf(ReceivedPdu.Accepted.class);
    }

    @Test
    void whatIsBehindEventsThatFailedIsAskedOnce() {
        EventId last = room.now().extremities().getFirst().id();
        List<Pdu> failing = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Pdu event = others.says(Draft.topic(DORA, "without power " + i), last);
            failing.add(event);
            last = event.eventId();
        }
        assertThat(receive(KEYS, failing)).hasOnlyElementsOfType(ReceivedPdu.Rejected.class);
        assertThat(shard.besides).isEmpty();

        Pdu first = others.says(Draft.message(DORA, "one"), last);
        Pdu second = others.says(Draft.message(DORA, "two"), failing.get(50).eventId(), first.eventId());
        assertThat(receive(KEYS, List.of(first, second))).hasOnlyElementsOfType(ReceivedPdu.Accepted.class);

        assertThat(shard.besides).hasSize(1);
    }

    @Test
    void aRedactionWithoutPowerIsShownToNobody() {
        Pdu said = says(Draft.message(CARL, "mine"));
        accepted(said);
        int events = room.events().size();

        assertThat(receive(says(Draft.redaction(DORA, said.eventId())))).isInstanceOf(ReceivedPdu.SoftFailed.class);

        assertThat(room.events()).hasSize(events);
        accepted(says(Draft.redaction(CARL, said.eventId())));
    }

    @Test
    void aRedactionWithoutPowerOfWhatIsNotKnownWaitsAndIsShownToNobody() {
        Pdu said = says(Draft.message(DORA, "mine"));
        Pdu redaction = says(Draft.redaction(DORA, said.eventId()));

        assertThat(receive(redaction)).isInstanceOf(ReceivedPdu.SoftFailed.class);

        assertThat(shard.facts.getLast().fact()).isInstanceOf(RoomFact.EarlyRedaction.class);
        accepted(said);
        assertThat(requireNonNull(room.events().getLast().redactedBy()).id()).isEqualTo(redaction.eventId());
    }

    @Test
    void whatIsUnknownBehindARedactionInVainIsAskedFor() {
        Pdu gap = says(Draft.message(DORA, "not heard"));
        Pdu redaction = others.says(Draft.redaction(DORA, gap.eventId()), gap.eventId());
        Pdu next = others.says(Draft.message(CARL, "heard"), redaction.eventId());
        long state = room.now().current().name();
        StateKey create = new StateKey(EventTypes.CREATE, "");
        shard.entities.put(
                EntityKey.ofStage(state),
                new StagedState(id, StateMap.of(Map.of(create, room.now().created()))));
        Map<EventId, Long> given = Map.of(redaction.eventId(), state);
        List<byte[]> both = List.of(FederatedRoom.wire(redaction), FederatedRoom.wire(next));

        shard.execute(new ReceivePdus(id, VERSION.id(), both, KEYS, Placement.LIVE, null, given));

        assertThat(shard.facts).extracting(Numbered::fact).hasAtLeastOneElementOfType(RoomFact.BackwardExtremity.class);
        accepted(others.says(Draft.message(CARL, "more"), next.eventId()));
        assertThat(shard.facts.getLast().fact()).isInstanceOf(RoomEvent.class);
    }

    @Test
    void aMemberThatIsNoUserIsNoneOfOurs() {
        Pdu odd = says(Draft.state(
                CARL,
                EventTypes.MEMBER,
                TestShard.SERVER.value(),
                JsonObject.of("membership", Membership.INVITE.value())));
        Pdu next = others.says(Draft.message(CARL, "next"), odd.eventId());
        assertThat(receive(KEYS, List.of(odd, next))).hasOnlyElementsOfType(ReceivedPdu.Accepted.class);
    }

    @Test
    void aCreateEventIsOfTheVersionThatTheCommandNames() {
        FederatedRoom of10 = FederatedRoom.generated(RoomVersions.find("10").orElseThrow(), 1);
        List<ServerKey> keys = of10.servers().values().stream()
                .map(from -> new ServerKey(
                        from.name(), from.key().keyId(), from.verifyKey().toBytes(), Long.MAX_VALUE))
                .toList();
        ReceivePdus asOf9 = new ReceivePdus(
                of10.id(),
                "9",
                List.of(FederatedRoom.wire(of10.events().getFirst())),
                keys,
                Placement.LIVE,
                null,
                Map.of());
        assertThat(((RoomAnswer.PdusReceived) shard.execute(asOf9)).pdus().getFirst())
                .isInstanceOfSatisfying(
                        ReceivedPdu.Rejected.class,
                        rejected -> assertThat(rejected.reason()).contains("version 9"));
    }
}
