package io.myelin.roomserver;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.myelin.contracts.Partitions;
import io.myelin.contracts.room.ReceivedPdu;
import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomGraphQueries.StateIds;
import io.myelin.contracts.room.RoomQueries.ResolvedPlace;
import io.myelin.contracts.room.RoomQueries.RoomSnapshot;
import io.myelin.contracts.room.RoomQueries.StateSince;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.RoomQueries.UserRoom;
import io.myelin.matrix.event.EventHashes;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.roomserver.federated.FederatedRoom;
import io.myelin.roomserver.federated.MalformedPdu;
import io.myelin.roomserver.federated.MalformedPdus;
import io.myelin.roomserver.federated.ReferenceRoom;
import io.myelin.roomserver.federated.RemoteServer;
import io.myelin.roomserver.federated.Shuffle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Rooms of other servers, on a real database and a real broker. */
class ReceivePdusIT {

    /** Four rooms of each version, one for each order of arrival that {@link #order} knows. */
    private static final int ROOMS =
            Integer.getInteger("rooms", 4 * RoomVersions.supported().size());

    private static final int AT_ONCE = 8;
    private static final int MALFORMED = 10_000;
    private static final long FIRST_MALFORMED = 1_000_000;
    private static final long FIRST_PROMOTED = 2_000_000;

    @AutoClose
    private static final RunningRoomServer server = new RunningRoomServer();

    /** How many memberships came from a resolution. */
    private static final LongAdder RESOLVED_MEMBERS = new LongAdder();

    @Test
    void roomsAreWhatTheyAreInWhateverOrderTheirEventsArrive() throws Exception {
        List<RoomVersion> versions = RoomVersions.supported();
        List<Future<?>> rooms = new ArrayList<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE)) {
            for (int seed = 0; seed < ROOMS; seed++) {
                FederatedRoom room = FederatedRoom.generated(versions.get(seed % versions.size()), seed);
                rooms.add(workers.submit(() -> arrivesShuffled(room)));
            }
            for (Future<?> room : rooms) {
                try {
                    room.get();
                } catch (ExecutionException failed) {
                    workers.shutdownNow();
                    throw failed;
                }
            }
        }
        server.assertThatReplayIsWhatWasPublished();
        assertThat(RESOLVED_MEMBERS.sum()).isPositive();
        assertThat(server.numbers("SELECT count(*) FROM room.event WHERE redacted_by IS NOT NULL"))
                .as("events that came after what redacts them")
                .singleElement()
                .satisfies(events -> assertThat(events).isPositive());
    }

    private static void arrivesShuffled(FederatedRoom room) {
        Random random = new Random(room.seed());
        Arrivals arrivals = arrivals(room);
        List<Pdu> order = order(room);
        for (int from = 0; from < order.size(); ) {
            int to = Math.min(order.size(), from + 1 + random.nextInt(4));
            arrivals.arrive(order.subList(from, to));
            from = to;
        }
        assertThat(arrivals.missing()).as(room.toString()).isEmpty();
        isAsItHasToBe(room, arrivals);
    }

    /** In some rooms, events that are redacted from another branch of the graph come last, after the redaction. */
    private static List<Pdu> order(FederatedRoom room) {
        long ofItsVersion = room.seed() / RoomVersions.supported().size();
        if ((room.seed() + ofItsVersion) % 4 == 0) {
            return room.events();
        }
        List<Pdu> shuffled = Shuffle.of(room.events(), room.seed());
        if (room.seed() % 5 > 2) {
            return shuffled;
        }
        ReferenceRoom reference = room.reference();
        Map<Boolean, List<Pdu>> redacted = shuffled.stream()
                .collect(Collectors.partitioningBy(event -> reference.redactionsOf(event.eventId()).stream()
                        .anyMatch(redaction -> !reference.comesAfter(redaction, event.eventId()))));
        return Stream.of(false, true)
                .flatMap(late -> requireNonNull(redacted.get(late)).stream())
                .toList();
    }

    @Test
    void roomsAreTheSameIfTheirEventsWereOutliersBefore() {
        List<RoomVersion> versions = RoomVersions.supported();
        for (int i = 0; i < Math.min(ROOMS, versions.size()); i++) {
            FederatedRoom room = FederatedRoom.generated(versions.get(i % versions.size()), FIRST_PROMOTED + i);
            Arrivals arrivals = arrivals(room);
            room.events().forEach(event -> arrivals.asOutliers(List.of(event)));
            assertThat(server.graph().forwardExtremities(room.id())).isEmpty();

            arrivals.arrive(room.events());

            assertThat(arrivals.missing()).as(room.toString()).isEmpty();
            isAsItHasToBe(room, arrivals);
            assertThat(server.queries().room(room.id(), 1_000).orElseThrow().complete())
                    .isTrue();
        }
        server.assertThatReplayIsWhatWasPublished();
    }

    /** Sends the room's events again: the answers must be the same as before. */
    private static Arrivals arrivalsAgain(FederatedRoom room) {
        Arrivals arrivals = arrivals(room);
        arrivals.arrive(room.events());
        return arrivals;
    }

    private static Arrivals arrivals(FederatedRoom room) {
        return new Arrivals(server, room);
    }

    @Test
    void whatIsMalformedIsRejectedWithAReasonAndStopsNothing() {
        for (RoomVersion version : RoomVersions.supported()) {
            FederatedRoom room = FederatedRoom.generated(version, FIRST_MALFORMED + Long.parseLong(version.id()));
            Arrivals arrivals = arrivals(room);
            arrivals.arrive(room.events());
            List<MalformedPdu> malformed = MalformedPdus.of(room, 1)
                    .limit(MALFORMED / RoomVersions.supported().size() + 1)
                    .toList();
            for (int from = 0; from < malformed.size(); ) {
                int to = from;
                int bytes = 0;
                while (to < malformed.size() && to < from + 50 && bytes < 500_000) {
                    bytes += malformed.get(to++).body().length;
                }
                List<MalformedPdu> together = malformed.subList(from, to);
                List<ReceivedPdu> answers = arrivals.answers(
                        together.stream().map(MalformedPdu::body).toList());
                for (int i = 0; i < together.size(); i++) {
                    isRefused(together.get(i), answers.get(i), arrivals);
                }
                from = to;
            }
            isAsItHasToBe(room, arrivals);
            Pdu last = room.events().getLast();
            assertThat(arrivals.answer(last)).hasSameClassAs(arrivals.received.get(last.eventId()));
        }
    }

    /**
     * The malformed event is refused, or taken for the known event of the same ID, whose signatures are not checked again.
     */
    private static void isRefused(MalformedPdu malformed, ReceivedPdu answer, Arrivals arrivals) {
        Pdu original = malformed.original();
        boolean mayBeKnown = malformed.refusal() == MalformedPdu.Refusal.SIGNATURE
                && !original.version().eventFormat().eventIdOnEvent();
        if (mayBeKnown
                && answer.getClass()
                        == requireNonNull(arrivals.received.get(original.eventId()))
                                .getClass()) {
            return;
        }
        assertThat(answer)
                .as("version %s: %s", original.version(), malformed)
                .isInstanceOfSatisfying(
                        ReceivedPdu.Rejected.class,
                        rejected -> assertThat(rejected.reason()).isNotBlank());
    }

    @Test
    void anIdThatAnotherRoomHasIsNotTakenForItsEvent() {
        FederatedRoom one = FederatedRoom.generated(RoomVersions.V1, FIRST_MALFORMED + 100);
        FederatedRoom other = ofTheSameShard(one);
        arrivals(one).arrive(one.events());
        Arrivals arrivals = arrivals(other);
        arrivals.arrive(other.events());
        Pdu event = other.events().getLast();
        EventId taken = one.events().getLast().eventId();
        RemoteServer server = requireNonNull(other.servers().get(event.sender().serverName()));
        JsonObject renamed = event.json().with("event_id", taken.value()).without("signatures");
        Pdu stolen =
                Pdu.of(RoomVersions.V1, EventHashes.withContentHash(renamed)).signedBy(server.name(), server.key());

        assertThat(arrivals.answer(stolen)).isInstanceOf(ReceivedPdu.Rejected.class);
        isAsItHasToBe(one, arrivalsAgain(one));
    }

    /** A room of the same shard, since shards do not share their events. */
    private static FederatedRoom ofTheSameShard(FederatedRoom one) {
        return LongStream.iterate(FIRST_MALFORMED + 200, seed -> seed + 1)
                .mapToObj(seed -> FederatedRoom.generated(one.version(), seed))
                .filter(other -> shardOf(other) == shardOf(one))
                .findFirst()
                .orElseThrow();
    }

    private static int shardOf(FederatedRoom room) {
        return Partitions.of(room.id().value(), RunningRoomServer.SHARDS);
    }

    private static void isAsItHasToBe(FederatedRoom room, Arrivals arrivals) {
        ReferenceRoom reference = room.reference();
        for (Pdu event : reference.events()) {
            EventId id = event.eventId();
            assertThat(arrivals.received.get(id) instanceof ReceivedPdu.Rejected)
                    .as("%s: %s is %s and has to be %s", room, event, arrivals.received.get(id), reference.verdict(id))
                    .isNotEqualTo(reference.verdict(id).isAccepted());
            assertThat(server.graph()
                            .stateBefore(room.id(), id)
                            .map(StateIds::state)
                            .map(Set::copyOf))
                    .as("%s: the state before %s", room, event)
                    .contains(Set.copyOf(reference.stateBefore(id).values().toList()));
            if (arrivals.received.get(id) instanceof ReceivedPdu.Accepted) {
                isRedactedAsItHasToBe(room, reference, arrivals, event);
            }
        }
        // A fork is settled by a command of the room's own, which comes after the answer to the last event.
        await().atMost(30, SECONDS).untilAsserted(() -> {
            List<EventId> extremities = server.graph().forwardExtremities(room.id());
            assertThat(currentState(room))
                    .as("%s: the state after %s", room, extremities)
                    .isEqualTo(Set.copyOf(
                            reference.stateAfter(extremities).values().toList()));
        });
        readersAreToldSinceWhen(room);
    }

    /** Which of several redactions takes effect depends on which arrived first. */
    private static void isRedactedAsItHasToBe(
            FederatedRoom room, ReferenceRoom reference, Arrivals arrivals, Pdu event) {
        Set<EventId> possible = reference.redactionsOf(event.eventId()).stream()
                .filter(redaction -> !(arrivals.received.get(redaction) instanceof ReceivedPdu.Rejected))
                .collect(Collectors.toSet());
        boolean isSure = possible.stream().anyMatch(redaction -> hasEffect(arrivals.received.get(redaction)));
        StoredEvent stored = server.queries().event(room.id(), event.eventId()).orElseThrow();
        RoomEvent because = stored.redactedBecause();
        assertThat(stored.event().body())
                .as("%s: %s, redacted by %s", room, event, possible)
                .isEqualTo(because == null ? event.bytes() : event.redacted().bytes());
        assertThat(because == null ? Set.of() : Set.of(because.id()))
                .as("%s: what redacts %s", room, event)
                .isSubsetOf(possible)
                .hasSizeGreaterThanOrEqualTo(isSure ? 1 : 0);
    }

    /**
     * A redaction fails softly and waits if it arrives before the redacted event and its sender may not redact everybody's
     * events.
     */
    private static boolean hasEffect(@Nullable ReceivedPdu redaction) {
        return redaction instanceof ReceivedPdu.Accepted
                || (redaction instanceof ReceivedPdu.SoftFailed(EventId _, String reason)
                        && reason.startsWith("Its sender may not redact"));
    }

    private static void readersAreToldSinceWhen(FederatedRoom room) {
        RoomSnapshot snapshot = server.queries().room(room.id(), 10).orElseThrow();
        for (ResolvedPlace place : snapshot.resolved()) {
            List<StateSince> history = server.queries().stateHistory(room.id(), place.type(), place.stateKey());
            assertThat(history)
                    .as("%s: %s", room, place)
                    .extracting(StateSince::seq)
                    .contains(place.seq());
            if (place.type().equals(EventTypes.MEMBER)) {
                UserRoom member = server.queries().roomsOf(new UserId(place.stateKey())).rooms().stream()
                        .filter(one -> one.room().equals(room.id()))
                        .findAny()
                        .orElseThrow();
                assertThat(member.seq()).isEqualTo(history.getLast().seq());
                RESOLVED_MEMBERS.increment();
                assertThat(member.newestSeq()).isGreaterThanOrEqualTo(place.seq());
            }
        }
    }

    private static Set<EventId> currentState(FederatedRoom room) {
        return Snapshots.state(server.queries(), room.id(), Long.MAX_VALUE).stream()
                .map(StoredEvent::event)
                .map(event -> event.id())
                .collect(Collectors.toSet());
    }
}
