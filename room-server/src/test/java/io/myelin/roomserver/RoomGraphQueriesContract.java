package io.myelin.roomserver;

import static io.myelin.contracts.room.RoomGraphQueries.MOST_BACKFILLED;
import static io.myelin.contracts.room.RoomGraphQueries.MOST_MISSING;
import static io.myelin.contracts.room.RoomGraphQueries.MOST_PDUS;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.room.ReceivedPdu;
import io.myelin.contracts.room.RoomGraphQueries;
import io.myelin.contracts.room.RoomGraphQueries.EventAt;
import io.myelin.contracts.room.RoomGraphQueries.Gap;
import io.myelin.contracts.room.RoomGraphQueries.StateIds;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * What a server that takes part in a room gets of its graph, where history visibility hides nothing from it, in this process
 * and over HTTP.
 */
abstract class RoomGraphQueriesContract {
    private final ArrivedRooms rooms;

    RoomGraphQueriesContract(ArrivedRooms rooms) {
        this.rooms = rooms;
    }

    abstract RoomGraphQueries graph();

    @Test
    void authChainIsAllThatAnEventRestsOn() {
        rooms.generated.forEach(new AuthChainCheck(graph())::hasItsAuthChains);
        new AuthChainCheck(graph()).hasItsAuthChains(rooms.restless);
    }

    @Test
    void authDifferenceIsWhatStatesRestOnThatAreNotTheSame() {
        assertThat(rooms.generated.stream()
                        .mapToInt(new AuthChainCheck(graph())::hasItsAuthDifferences)
                        .sum())
                .isPositive();
        assertThat(graph().authDifference(rooms.longRoom.room().id(), List.of()))
                .contains(List.of());
        assertThat(graph().authDifference(rooms.longRoom.room().id(), rooms.restless.extremities(graph())))
                .isEmpty();
    }

    @Test
    void stateComesWithAllThatItsEventsRestOn() {
        for (Arrived each : rooms.generated) {
            for (Pdu event : each.room().events()) {
                Set<EventId> before = Set.copyOf(
                        each.reference().stateBefore(event.eventId()).values().toList());
                StateIds ids = graph().stateIds(each.room().id(), each.asking(), event.eventId())
                        .orElseThrow();
                assertThat(Set.copyOf(ids.state()))
                        .as("%s: %s", each.room(), event)
                        .isEqualTo(before);
                assertThat(Set.copyOf(ids.authChain()))
                        .as("%s: %s", each.room(), event)
                        .isEqualTo(each.reference().authChain(before));
            }
        }
    }

    @Test
    void bodiesComeInTheOrderAskedFor() {
        for (Arrived each : rooms.generated) {
            List<EventId> ids =
                    each.room().events().reversed().stream().map(Pdu::eventId).toList();
            List<EventId> asked = new ArrayList<>(ids);
            asked.add(1, EventId.ofReferenceHash(new byte[32]));
            assertThat(each.parsed(graph().pdus(each.room().id(), asked)))
                    .as(each.room().toString())
                    .extracting(Pdu::eventId)
                    .isEqualTo(ids);
        }
    }

    @Test
    void backfillFromTheEndsIsTheRoomDeepestFirst() {
        for (Arrived each : rooms.generated) {
            List<Pdu> all = each.parsed(
                    graph().backfill(each.room().id(), each.asking(), each.extremities(graph()), Integer.MAX_VALUE));
            assertThat(all)
                    .as(each.room().toString())
                    .doesNotHaveDuplicates()
                    .containsAll(each.accepted())
                    .noneMatch(event -> each.arrivals().received.get(event.eventId()) instanceof ReceivedPdu.Rejected);
            assertThat(all).extracting(Pdu::depth).isSortedAccordingTo((one, other) -> Long.compare(other, one));
            assertThat(each.parsed(graph().backfill(each.room().id(), each.asking(), each.extremities(graph()), 7)))
                    .isEqualTo(all.subList(0, 7));
        }
    }

    @Test
    void missingEventsCompleteAServerThatHasTheBeginning() {
        for (Arrived each : rooms.generated) {
            Map<EventId, Pdu> has = new HashMap<>();
            each.room()
                    .events()
                    .subList(0, each.room().events().size() / 2)
                    .forEach(event -> has.put(event.eventId(), event));
            List<EventId> earliest = ends(has.values());
            each.parsed(graph().pdus(each.room().id(), each.extremities(graph())))
                    .forEach(event -> has.put(event.eventId(), event));
            for (List<Pdu> gaps = gaps(has); !gaps.isEmpty(); gaps = gaps(has)) {
                int before = has.size();
                List<EventId> latest = gaps.stream().map(Pdu::eventId).toList();
                List<Pdu> missing = each.parsed(
                        graph().missingEvents(each.room().id(), each.asking(), new Gap(earliest, latest, 10, 0)));
                assertThat(missing).hasSizeLessThanOrEqualTo(10).doesNotHaveDuplicates();
                missing.forEach(event -> has.put(event.eventId(), event));
                if (has.size() == before) {
                    fetchRejected(each, has, gaps);
                }
                assertThat(has).as(each.room().toString()).hasSizeGreaterThan(before);
            }
            assertThat(has.values()).as(each.room().toString()).containsAll(each.accepted());
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
    private void fetchRejected(Arrived each, Map<EventId, Pdu> has, List<Pdu> gaps) {
        gaps.stream()
                .flatMap(event -> event.prevEvents().stream())
                .filter(id -> !has.containsKey(id))
                .distinct()
                .toList()
                .forEach(id -> {
                    assertThat(each.arrivals().received.get(id)).isNotInstanceOf(ReceivedPdu.Accepted.class);
                    byte[] body = graph().event(each.asking(), id).orElseThrow();
                    has.put(id, Pdu.parse(each.room().version(), body));
                });
    }

    @Test
    void missingEventsAreOldestFirstAndAsDeepAsWanted() {
        for (Arrived each : rooms.generated) {
            List<Pdu> all = missing(each, 0);
            assertThat(all).as(each.room().toString()).isNotEmpty();
            for (Pdu event : all) {
                List<Pdu> later = all.subList(all.indexOf(event) + 1, all.size());
                assertThat(later).noneMatch(next -> event.prevEvents().contains(next.eventId()));
            }
            long deepest = all.stream().mapToLong(Pdu::depth).max().orElseThrow();
            assertThat(missing(each, deepest)).allMatch(event -> event.depth() >= deepest);
            assertThat(missing(each, Long.MAX_VALUE)).isEmpty();
        }
    }

    private List<Pdu> missing(Arrived each, long minDepth) {
        return each.parsed(graph().missingEvents(
                        each.room().id(),
                        each.asking(),
                        new Gap(List.of(), each.extremities(graph()), MOST_MISSING, minDepth)));
    }

    @Test
    void findsTheEventNearestToATime() {
        for (Arrived each : rooms.generated) {
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
        for (Pdu event : everyFifth(rooms.longRoom)) {
            isNearest(rooms.longRoom, event.originServerTs(), true);
            isNearest(rooms.longRoom, event.originServerTs() + 1, false);
        }
        isNearest(rooms.longRoom, 0, true);
        isNearest(rooms.longRoom, 0, false);
        isNearest(rooms.longRoom, Long.MAX_VALUE, true);
        isNearest(rooms.longRoom, Long.MAX_VALUE, false);
    }

    private static List<Pdu> everyFifth(Arrived each) {
        List<Pdu> events = each.room().events();
        return IntStream.range(0, events.size())
                .filter(i -> i % 5 == 0)
                .mapToObj(events::get)
                .toList();
    }

    private void isNearest(Arrived each, long timestamp, boolean forward) {
        LongStream times = each.accepted().stream().mapToLong(Pdu::originServerTs);
        OptionalLong expected = forward
                ? times.filter(time -> time >= timestamp).min()
                : times.filter(time -> time <= timestamp).max();
        Optional<EventAt> nearest = graph().nearest(each.room().id(), each.asking(), timestamp, forward);
        assertThat(nearest.stream().mapToLong(EventAt::originServerTs).findFirst())
                .as("%s: %s %s", each.room(), forward ? "from" : "until", timestamp)
                .isEqualTo(expected);
        nearest.ifPresent(
                found -> assertThat(each.reference().event(found.event()).originServerTs())
                        .isEqualTo(found.originServerTs()));
    }

    @Test
    void givesNoMoreThanItSays() {
        List<EventId> ids =
                rooms.longRoom.room().events().stream().map(Pdu::eventId).toList();
        List<EventId> last = List.of(ids.getLast());
        assertThat(rooms.longRoom.parsed(
                        graph().backfill(rooms.longRoom.room().id(), rooms.longRoom.asking(), last, Integer.MAX_VALUE)))
                .extracting(Pdu::eventId)
                .isEqualTo(ids.reversed().subList(0, MOST_BACKFILLED));
        Gap all = new Gap(List.of(), last, Integer.MAX_VALUE, 0);
        assertThat(rooms.longRoom.parsed(
                        graph().missingEvents(rooms.longRoom.room().id(), rooms.longRoom.asking(), all)))
                .extracting(Pdu::eventId)
                .isEqualTo(ids.subList(ids.size() - 1 - MOST_MISSING, ids.size() - 1));
        assertThat(graph().pdus(rooms.longRoom.room().id(), ids)).hasSize(MOST_PDUS);
    }

    @Test
    void givesNothingForLimitsOfNothing() {
        assertThat(graph().backfill(
                                rooms.longRoom.room().id(),
                                rooms.longRoom.asking(),
                                rooms.longRoom.extremities(graph()),
                                0))
                .isEmpty();
        assertThat(graph().backfill(
                                rooms.longRoom.room().id(),
                                rooms.longRoom.asking(),
                                rooms.longRoom.extremities(graph()),
                                -1))
                .isEmpty();
        assertThat(graph().missingEvents(
                                rooms.longRoom.room().id(),
                                rooms.longRoom.asking(),
                                new Gap(List.of(), rooms.longRoom.extremities(graph()), -1, 0)))
                .isEmpty();
    }
}
