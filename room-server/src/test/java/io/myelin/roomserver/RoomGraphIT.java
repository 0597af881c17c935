package io.myelin.roomserver;

import static io.myelin.contracts.room.RoomGraphQueries.MOST_BACKFILLED;
import static io.myelin.contracts.room.RoomGraphQueries.MOST_MISSING;
import static io.myelin.contracts.room.RoomGraphQueries.MOST_PDUS;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.room.ReceivedPdu;
import io.myelin.contracts.room.RoomGraphQueries.EventAt;
import io.myelin.contracts.room.RoomGraphQueries.Gap;
import io.myelin.contracts.room.RoomGraphQueries.StateIds;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.roomserver.federated.FederatedRoom;
import io.myelin.roomserver.federated.ReferenceRoom;
import io.myelin.roomserver.federated.RemoteServer;
import io.myelin.roomserver.federated.Shuffle;
import io.myelin.roomserver.federated.StoryRoom;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a server that takes part in a room gets of its graph, where history visibility hides nothing from it. */
class RoomGraphIT {

    private static final int ROOMS = Integer.getInteger("graph.rooms", 12);

    /** The seed of the first room. */
    private static final long SEED = 10_000;

    /** A room as it arrived, and one of its servers. */
    private record Arrived(FederatedRoom room, ReferenceRoom reference, Arrivals arrivals, ServerName asking) {

        List<Pdu> accepted() {
            return room.events().stream()
                    .filter(event -> arrivals.received.get(event.eventId()) instanceof ReceivedPdu.Accepted)
                    .toList();
        }

        List<EventId> extremities() {
            return server.graph().forwardExtremities(room.id());
        }

        List<Pdu> parsed(Collection<byte[]> bodies) {
            return bodies.stream().map(body -> Pdu.parse(room.version(), body)).toList();
        }
    }

    private static final List<Arrived> GENERATED = new ArrayList<>();

    @AutoClose
    private static final RunningRoomServer server = new RunningRoomServer();

    private static Arrived longRoom;
    private static Arrived restless;

    @BeforeAll
    static void start() throws Exception {
        List<RoomVersion> versions = RoomVersions.supported();
        for (int i = 0; i < ROOMS; i++) {
            FederatedRoom room = FederatedRoom.generated(versions.get(i % versions.size()), SEED + i);
            GENERATED.add(arrive(room, i % 2 == 0 ? room.events() : Shuffle.of(room.events(), room.seed())));
        }
        RemoteServer one = RemoteServer.named("one.example");
        StoryRoom story = new StoryRoom(RoomVersions.V11, SEED, one.user("alice"), one);
        for (int i = 0; i < 600; i++) {
            story.says(one.user("alice"), "message " + i);
        }
        longRoom = arrive(story.told());
        restless = arrive(restless(one));
    }

    /** A room in which one user joins hundreds of times. Each join cites the one before, which makes a long auth chain. */
    private static FederatedRoom restless(RemoteServer server) {
        StoryRoom story = new StoryRoom(RoomVersions.V12, SEED, server.user("alice"), server);
        for (int i = 0; i < 100; i++) {
            story.joins(server.user("alice"));
            story.joins(server.user("bob"));
            story.leaves(server.user("bob"));
        }
        return story.told();
    }

    private static Arrived arrive(FederatedRoom room) {
        return arrive(room, room.events());
    }

    private static Arrived arrive(FederatedRoom room, List<Pdu> order) {
        Arrivals arrivals = new Arrivals(server, room);
        for (int from = 0; from < order.size(); from += 50) {
            arrivals.arrive(order.subList(from, Math.min(order.size(), from + 50)));
        }
        assertThat(arrivals.missing()).as(room.toString()).isEmpty();
        ServerName first = room.events().getFirst().sender().serverName();
        return new Arrived(room, room.reference(), arrivals, first);
    }

    @Test
    void authChainIsAllThatAnEventRestsOn() {
        GENERATED.forEach(RoomGraphIT::hasItsAuthChains);
        hasItsAuthChains(restless);
    }

    /** Earlier releases did not write the column {@code rests_on}. */
    @Test
    void authChainsAreReadFromBodiesWhereTheyAreNotKnownByNumbers() throws SQLException {
        Arrived room = GENERATED.getLast();
        server.execute("UPDATE room.event SET rests_on = NULL WHERE seq % 3 <> 0");
        hasItsAuthChains(room);
        hasItsAuthDifferences(room);
        server.execute("UPDATE room.event SET rests_on = NULL");
        hasItsAuthChains(room);
        hasItsAuthChains(restless);
    }

    private static void hasItsAuthChains(Arrived room) {
        for (Pdu event : room.room.events()) {
            assertThat(server.graph()
                            .authChain(room.room.id(), room.asking, event.eventId())
                            .map(Set::copyOf))
                    .as("%s: %s", room.room, event)
                    .contains(chain(room.reference, List.of(event.eventId())));
        }
    }

    @Test
    void authDifferenceIsWhatStatesRestOnThatAreNotTheSame() {
        assertThat(GENERATED.stream()
                        .mapToInt(RoomGraphIT::hasItsAuthDifferences)
                        .sum())
                .isPositive();
        assertThat(server.graph().authDifference(longRoom.room.id(), List.of())).contains(List.of());
        assertThat(server.graph().authDifference(longRoom.room.id(), restless.extremities()))
                .isEmpty();
    }

    /** Checks auth differences, and returns how many events they have in all. */
    private static int hasItsAuthDifferences(Arrived room) {
        Random random = new Random(room.room.seed());
        List<Pdu> events = room.room.events();
        int differing = 0;
        for (int i = 0; i < events.size(); i++) {
            List<EventId> some = random.ints(2 + random.nextInt(2), 0, events.size())
                    .mapToObj(events::get)
                    .map(Pdu::eventId)
                    .toList();
            Set<EventId> difference = authDifference(room.reference, some);
            assertThat(server.graph().authDifference(room.room.id(), some).map(Set::copyOf))
                    .as("%s: %s", room.room, some)
                    .contains(difference);
            differing += difference.size();
        }
        return differing;
    }

    /** Computes the auth difference the naive way. */
    private static Set<EventId> authDifference(ReferenceRoom room, List<EventId> events) {
        Set<EventId> some = new HashSet<>();
        Set<EventId> all = new HashSet<>();
        for (EventId event : events) {
            Set<EventId> state = Set.copyOf(room.stateAfter(event).values().toList());
            Set<EventId> full = new HashSet<>(chain(room, state));
            full.addAll(state);
            if (some.isEmpty()) {
                all.addAll(full);
            }
            some.addAll(full);
            all.retainAll(full);
        }
        some.removeAll(all);
        return some;
    }

    @Test
    void stateComesWithAllThatItsEventsRestOn() {
        for (Arrived each : GENERATED) {
            for (Pdu event : each.room.events()) {
                Set<EventId> before = Set.copyOf(
                        each.reference.stateBefore(event.eventId()).values().toList());
                StateIds ids = server.graph()
                        .stateIds(each.room.id(), each.asking, event.eventId())
                        .orElseThrow();
                assertThat(Set.copyOf(ids.state()))
                        .as("%s: %s", each.room, event)
                        .isEqualTo(before);
                assertThat(Set.copyOf(ids.authChain()))
                        .as("%s: %s", each.room, event)
                        .isEqualTo(chain(each.reference, before));
            }
        }
    }

    /** Computes the auth chain of events, without these, the naive way. */
    private static Set<EventId> chain(ReferenceRoom room, Collection<EventId> events) {
        Set<EventId> chain = new HashSet<>();
        Deque<EventId> open = new ArrayDeque<>(events);
        while (!open.isEmpty()) {
            Pdu event = room.event(open.remove());
            List<EventId> cited = new ArrayList<>(event.authEvents());
            if (!event.version().createInAuthEvents() && !event.type().equals(EventTypes.CREATE)) {
                cited.add(room.events().getFirst().eventId());
            }
            cited.stream().filter(chain::add).forEach(open::add);
        }
        chain.removeAll(Set.copyOf(events));
        return chain;
    }

    @Test
    void bodiesComeInTheOrderAskedFor() {
        for (Arrived each : GENERATED) {
            List<EventId> ids =
                    each.room.events().reversed().stream().map(Pdu::eventId).toList();
            List<EventId> asked = new ArrayList<>(ids);
            asked.add(1, EventId.ofReferenceHash(new byte[32]));
            assertThat(each.parsed(server.graph().pdus(each.room.id(), asked)))
                    .as(each.room.toString())
                    .extracting(Pdu::eventId)
                    .isEqualTo(ids);
        }
    }

    @Test
    void backfillFromTheEndsIsTheRoomDeepestFirst() {
        for (Arrived each : GENERATED) {
            List<Pdu> all = each.parsed(
                    server.graph().backfill(each.room.id(), each.asking, each.extremities(), Integer.MAX_VALUE));
            assertThat(all)
                    .as(each.room.toString())
                    .doesNotHaveDuplicates()
                    .containsAll(each.accepted())
                    .noneMatch(event -> each.arrivals.received.get(event.eventId()) instanceof ReceivedPdu.Rejected);
            assertThat(all).extracting(Pdu::depth).isSortedAccordingTo((one, other) -> Long.compare(other, one));
            assertThat(each.parsed(server.graph().backfill(each.room.id(), each.asking, each.extremities(), 7)))
                    .isEqualTo(all.subList(0, 7));
        }
    }

    @Test
    void missingEventsCompleteAServerThatHasTheBeginning() {
        for (Arrived each : GENERATED) {
            Map<EventId, Pdu> has = new HashMap<>();
            each.room
                    .events()
                    .subList(0, each.room.events().size() / 2)
                    .forEach(event -> has.put(event.eventId(), event));
            List<EventId> earliest = ends(has.values());
            each.parsed(server.graph().pdus(each.room.id(), each.extremities()))
                    .forEach(event -> has.put(event.eventId(), event));
            for (List<Pdu> gaps = gaps(has); !gaps.isEmpty(); gaps = gaps(has)) {
                int before = has.size();
                List<EventId> latest = gaps.stream().map(Pdu::eventId).toList();
                List<Pdu> missing = each.parsed(
                        server.graph().missingEvents(each.room.id(), each.asking, new Gap(earliest, latest, 10, 0)));
                assertThat(missing).hasSizeLessThanOrEqualTo(10).doesNotHaveDuplicates();
                missing.forEach(event -> has.put(event.eventId(), event));
                if (has.size() == before) {
                    fetchRejected(each, has, gaps);
                }
                assertThat(has).as(each.room.toString()).hasSizeGreaterThan(before);
            }
            assertThat(has.values()).as(each.room.toString()).containsAll(each.accepted());
        }
    }

    private static List<EventId> ends(Collection<Pdu> events) {
        Set<EventId> cited =
                events.stream().flatMap(event -> event.prevEvents().stream()).collect(Collectors.toSet());
        return events.stream()
                .map(Pdu::eventId)
                .filter(id -> !cited.contains(id))
                .toList();
    }

    private static List<Pdu> gaps(Map<EventId, Pdu> has) {
        return has.values().stream()
                .filter(event -> !has.keySet().containsAll(event.prevEvents()))
                .toList();
    }

    /** Asks by their IDs for events that have no place in the room. */
    private static void fetchRejected(Arrived each, Map<EventId, Pdu> has, List<Pdu> gaps) {
        gaps.stream()
                .flatMap(event -> event.prevEvents().stream())
                .filter(id -> !has.containsKey(id))
                .distinct()
                .toList()
                .forEach(id -> {
                    assertThat(each.arrivals.received.get(id)).isNotInstanceOf(ReceivedPdu.Accepted.class);
                    byte[] body = server.graph().event(each.asking, id).orElseThrow();
                    has.put(id, Pdu.parse(each.room.version(), body));
                });
    }

    @Test
    void missingEventsAreOldestFirstAndAsDeepAsWanted() {
        for (Arrived each : GENERATED) {
            List<Pdu> all = missing(each, 0);
            assertThat(all).as(each.room.toString()).isNotEmpty();
            for (Pdu event : all) {
                List<Pdu> later = all.subList(all.indexOf(event) + 1, all.size());
                assertThat(later).noneMatch(next -> event.prevEvents().contains(next.eventId()));
            }
            long deepest = all.stream().mapToLong(Pdu::depth).max().orElseThrow();
            assertThat(missing(each, deepest)).allMatch(event -> event.depth() >= deepest);
            assertThat(missing(each, Long.MAX_VALUE)).isEmpty();
        }
    }

    private static List<Pdu> missing(Arrived each, long minDepth) {
        return each.parsed(server.graph()
                .missingEvents(
                        each.room.id(), each.asking, new Gap(List.of(), each.extremities(), MOST_MISSING, minDepth)));
    }

    @Test
    void findsTheEventNearestToATime() {
        for (Arrived each : GENERATED) {
            for (Pdu event : everyFifth(each)) {
                for (long offset = -1; offset <= 1; offset++) {
                    isNearest(each, event.originServerTs() + offset, true);
                    isNearest(each, event.originServerTs() + offset, false);
                }
            }
        }
    }

    @Test
    void findsATimeInALongRoom() {
        for (Pdu event : everyFifth(longRoom)) {
            isNearest(longRoom, event.originServerTs(), true);
            isNearest(longRoom, event.originServerTs() + 1, false);
        }
        isNearest(longRoom, 0, true);
        isNearest(longRoom, 0, false);
        isNearest(longRoom, Long.MAX_VALUE, true);
        isNearest(longRoom, Long.MAX_VALUE, false);
    }

    private static List<Pdu> everyFifth(Arrived each) {
        List<Pdu> events = each.room.events();
        return IntStream.range(0, events.size())
                .filter(i -> i % 5 == 0)
                .mapToObj(events::get)
                .toList();
    }

    private static void isNearest(Arrived each, long timestamp, boolean forward) {
        LongStream times = each.accepted().stream().mapToLong(Pdu::originServerTs);
        OptionalLong expected = forward
                ? times.filter(time -> time >= timestamp).min()
                : times.filter(time -> time <= timestamp).max();
        Optional<EventAt> nearest = server.graph().nearest(each.room.id(), each.asking, timestamp, forward);
        assertThat(nearest.stream().mapToLong(EventAt::originServerTs).findFirst())
                .as("%s: %s %s", each.room, forward ? "from" : "until", timestamp)
                .isEqualTo(expected);
        nearest.ifPresent(found ->
                assertThat(each.reference.event(found.event()).originServerTs()).isEqualTo(found.originServerTs()));
    }

    @Test
    void givesNoMoreThanItSays() {
        List<EventId> ids = longRoom.room.events().stream().map(Pdu::eventId).toList();
        List<EventId> last = List.of(ids.getLast());
        assertThat(longRoom.parsed(
                        server.graph().backfill(longRoom.room.id(), longRoom.asking, last, Integer.MAX_VALUE)))
                .extracting(Pdu::eventId)
                .isEqualTo(ids.reversed().subList(0, MOST_BACKFILLED));
        Gap all = new Gap(List.of(), last, Integer.MAX_VALUE, 0);
        assertThat(longRoom.parsed(server.graph().missingEvents(longRoom.room.id(), longRoom.asking, all)))
                .extracting(Pdu::eventId)
                .isEqualTo(ids.subList(ids.size() - 1 - MOST_MISSING, ids.size() - 1));
        assertThat(server.graph().pdus(longRoom.room.id(), ids)).hasSize(MOST_PDUS);
    }

    @Test
    void givesNothingForLimitsOfNothing() {
        assertThat(server.graph().backfill(longRoom.room.id(), longRoom.asking, longRoom.extremities(), 0))
                .isEmpty();
        assertThat(server.graph().backfill(longRoom.room.id(), longRoom.asking, longRoom.extremities(), -1))
                .isEmpty();
        assertThat(server.graph()
                        .missingEvents(
                                longRoom.room.id(), longRoom.asking, new Gap(List.of(), longRoom.extremities(), -1, 0)))
                .isEmpty();
    }
}
