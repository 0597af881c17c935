package io.myelin.roomserver;

import static io.myelin.roomserver.federated.RemoteUsers.CARL;
import static io.myelin.roomserver.federated.RemoteUsers.DORA;
import static io.myelin.roomserver.federated.RemoteUsers.ONE;
import static io.myelin.roomserver.federated.RemoteUsers.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.room.ReceivedPdu;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.StageState;
import io.myelin.contracts.room.RoomGraphQueries.StateIds;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.RoomQueries.RoomSnapshot;
import io.myelin.contracts.room.RoomQueries.StateSince;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.RoomQueries.Wanted;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.roomserver.federated.ReferenceRoom;
import io.myelin.roomserver.federated.StoryRoom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A room whose last thirty events came live, after a given state, and whose older ones are found later. */
class HistoryIT {

    private static final int LIVE = 30;
    private static final int OLDER = 60;
    private static final int PAGE = 20;

    @AutoClose
    private static final RunningRoomServer server = new RunningRoomServer();

    private static long seed = 77_000;

    private RoomId room;
    private List<Pdu> events;
    private ReferenceRoom reference;
    private Arrivals arrivals;

    @BeforeEach
    void theNewestEventsComeLive() throws Exception {
        StoryRoom story = new StoryRoom(RoomVersions.V11, ++seed, CARL, ONE, TWO);
        story.joins(DORA);
        story.sets(
                CARL,
                EventTypes.POWER_LEVELS,
                JsonObject.of("users", JsonObject.of(CARL.value(), Json.of(100)).with(DORA.value(), Json.of(100))));
        while (story.told().events().size() < OLDER + LIVE) {
            goOn(story, story.told().events().size());
        }
        events = story.told().events().subList(0, OLDER + LIVE);
        room = story.told().id();
        reference = story.told().reference();
        arrivals = new Arrivals(server, story.told());
        arrivals.asOutliers(older().stream().filter(Pdu::isState).toList());
        assertThat(arrivals.live(newest(), Map.of(firstLive(), stateBefore(firstLive()))))
                .allMatch(ReceivedPdu.Accepted.class::isInstance);
    }

    /**
     * Every tenth and eleventh event fork the room, and their states conflict. The thirteenth page begins where nothing
     * forks.
     */
    private static void goOn(StoryRoom story, int at) {
        List<Pdu> all = story.told().events();
        switch (at % 10) {
            case 5 -> {
                Pdu last = all.getLast();
                Pdu one = story.sets(CARL, EventTypes.TOPIC, JsonObject.of("topic", "carl's " + at));
                Pdu other = story.after(last).sets(DORA, EventTypes.TOPIC, JsonObject.of("topic", "dora's " + at));
                story.after(one, other).says(CARL, "which topic?");
            }
            case 9 -> story.sets(DORA, EventTypes.NAME, JsonObject.of("name", "name " + at));
            default -> story.says(at % 2 == 0 ? CARL : DORA, "message " + at);
        }
    }

    private List<Pdu> older() {
        return events.subList(0, OLDER);
    }

    private List<Pdu> newest() {
        return events.subList(OLDER, OLDER + LIVE);
    }

    private EventId firstLive() {
        return newest().getFirst().eventId();
    }

    private List<Pdu> page(int number) {
        return events.subList(number * PAGE, (number + 1) * PAGE);
    }

    /** Stages the state before an event, as for a room that is joined. */
    private long stateBefore(EventId event) {
        return arrivals.staged(reference.stateBefore(event).values().toList(), StageState.MOST_EVENTS);
    }

    private List<ReceivedPdu> comesAsHistory(int page) throws Exception {
        EventId first = page(page).getFirst().eventId();
        Map<EventId, Long> given = page == 0 ? Map.of() : Map.of(first, stateBefore(first));
        return arrivals.asHistory(page(page), events.get((page + 1) * PAGE).eventId(), given);
    }

    private void allOfItComes() throws Exception {
        for (int page = OLDER / PAGE - 1; page >= 0; page--) {
            assertThat(comesAsHistory(page)).allMatch(ReceivedPdu.Accepted.class::isInstance);
        }
    }

    private List<EventId> shown(boolean backward) {
        List<EventId> shown = new ArrayList<>();
        RoomPlace from = RoomPlace.BEGINNING;
        RoomPlace to = RoomPlace.END;
        while (true) {
            var some = server.queries().events(room, from, to, backward, 7);
            some.events().forEach(stored -> shown.add(stored.event().id()));
            if (some.end()) {
                return shown;
            }
            RoomPlace last = some.events().getLast().place();
            from = backward ? from : last;
            to = backward ? last : to;
        }
    }

    private static List<EventId> ids(List<Pdu> of) {
        return of.stream().map(Pdu::eventId).toList();
    }

    private Set<EventId> currentState() {
        return Snapshots.state(server.queries(), room, Long.MAX_VALUE).stream()
                .map(stored -> stored.event().id())
                .collect(Collectors.toSet());
    }

    private void isInOrder() {
        assertThat(shown(false)).isEqualTo(ids(events));
        assertThat(shown(true)).isEqualTo(ids(events.reversed()));
        for (Pdu event : events) {
            assertThat(server.graph()
                            .stateBefore(room, event.eventId())
                            .map(StateIds::state)
                            .map(Set::copyOf))
                    .as("the state before %s", event)
                    .contains(Set.copyOf(
                            reference.stateBefore(event.eventId()).values().toList()));
        }
    }

    @Test
    void isPutBeforeTheEventsThatTheRoomHasInTheOrderOfTheGraph() throws Exception {
        assertThat(shown(false)).isEqualTo(ids(newest()));

        allOfItComes();

        isInOrder();
        server.assertThatReplayIsWhatWasPublished();
        server.restart();
        isInOrder();
    }

    @Test
    void changesNothingThatIsCurrent() throws Exception {
        Set<EventId> state = currentState();
        List<EventId> extremities = server.graph().forwardExtremities(room);
        List<StateSince> topics = server.queries().stateHistory(room, EventTypes.TOPIC, "");
        var carl = server.queries().roomsOf(CARL).rooms();

        allOfItComes();
        server.restart();

        assertThat(currentState())
                .isEqualTo(state)
                .isEqualTo(Set.copyOf(reference.stateAfter(extremities).values().toList()));
        assertThat(server.graph().forwardExtremities(room)).isEqualTo(extremities);
        assertThat(server.queries().stateHistory(room, EventTypes.TOPIC, ""))
                .extracting(StateSince::seq)
                .isEqualTo(topics.stream().map(StateSince::seq).toList());
        assertThat(server.queries().roomsOf(CARL).rooms()).isEqualTo(carl);
    }

    @Test
    void isNoPartOfWhatReadersTakeForTheNewestEvents() throws Exception {
        allOfItComes();

        RoomSnapshot snapshot = server.queries().room(room, 100).orElseThrow();

        assertThat(Snapshots.timeline(server.queries(), room, 100))
                .extracting(stored -> stored.event().id())
                .isEqualTo(ids(newest()));
        assertThat(snapshot.complete()).isFalse();
        assertThat(snapshot.historyAt())
                .isEqualTo(Snapshots.timeline(server.queries(), room, 100)
                        .getFirst()
                        .seq());
    }

    @Test
    void whatIsSaidOfItTwiceIsTheSame() throws Exception {
        allOfItComes();
        allOfItComes();
        assertThat(comesAsHistory(1)).allMatch(ReceivedPdu.Accepted.class::isInstance);

        isInOrder();
    }

    @Test
    void getsNoPlaceBeforeAllOfItIsInOrder() throws Exception {
        List<Pdu> shuffled = new ArrayList<>(page(2));
        Collections.shuffle(shuffled, new Random(seed));
        EventId first = page(2).getFirst().eventId();

        assertThat(arrivals.asHistory(shuffled, firstLive(), Map.of(first, stateBefore(first))))
                .hasAtLeastOneElementOfType(ReceivedPdu.Missing.class)
                .noneMatch(ReceivedPdu.Accepted.class::isInstance);
        assertThat(shown(false)).isEqualTo(ids(newest()));

        allOfItComes();
        isInOrder();
    }

    @Test
    void cannotBelongBeforeWhatTheRoomDoesNotHave() {
        EventId unplaced = page(1).getFirst().eventId();

        RoomAnswer answer = arrivals.historyBefore(unplaced, page(0));

        assertThat(answer).isInstanceOf(RoomAnswer.Refused.class);
        assertThat(shown(false)).isEqualTo(ids(newest()));
    }

    @Test
    void whatComesAfterEventsThatStandAboveItsPlaceIsNotTaken() throws Exception {
        allOfItComes();
        StoryRoom again = new StoryRoom(RoomVersions.V11, seed, CARL, ONE, TWO);
        assertThat(again.told().id()).isEqualTo(room);
        Pdu late = again.says(CARL, "I was there at the beginning");
        assertThat(arrivals.asHistory(List.of(late), firstLive(), Map.of()))
                .singleElement()
                .isInstanceOf(ReceivedPdu.Rejected.class);
        isInOrder();
    }

    @Test
    void isUnknownBeforeItsOldestEventUntilThatIsKnownToo() throws Exception {
        assertThat(backwardExtremities(RoomPlace.END)).containsExactly(firstLive());

        comesAsHistory(2);
        assertThat(backwardExtremities(RoomPlace.END))
                .containsExactly(page(2).getFirst().eventId());
        assertThat(backwardExtremities(RoomPlace.BEGINNING)).isEmpty();

        comesAsHistory(1);
        comesAsHistory(0);
        assertThat(backwardExtremities(RoomPlace.END)).isEmpty();
    }

    private List<EventId> backwardExtremities(RoomPlace from) {
        return server.graph().backwardExtremities(room, from, 10);
    }

    @Test
    void saysOfEachOfItsStatesWhatWasThere() throws Exception {
        allOfItComes();
        Pdu message = page(1).get(3);
        StoredEvent stored = server.queries().event(room, message.eventId()).orElseThrow();

        assertThat(stored.place().isHistory()).isTrue();
        assertThat(server.queries()
                        .inStates(
                                room,
                                List.of(stored.event().state()),
                                List.of(new Wanted(EventTypes.MEMBER, DORA.value()), new Wanted(EventTypes.TOPIC, "")))
                        .getFirst())
                .extracting(found -> found.event().id())
                .containsExactlyInAnyOrder(
                        reference.stateBefore(message.eventId()).get(EventTypes.MEMBER, DORA.value()),
                        reference.stateBefore(message.eventId()).get(EventTypes.TOPIC, ""));
    }

    @Test
    void isServedToOthersInItsOrder() throws Exception {
        allOfItComes();
        AskingServer asking =
                new AskingServer(server, new StoryRoom(RoomVersions.V11, seed, CARL, ONE, TWO), ONE.name());

        assertThat(asking.backfilledFrom(newest().getFirst())).hasSize(OLDER + 1);
        for (int at : List.of(3, 30, 50)) {
            assertThat(asking.nearestUntil(events.get(at)).orElseThrow().originServerTs())
                    .isEqualTo(events.stream()
                            .mapToLong(Pdu::originServerTs)
                            .filter(time -> time <= events.get(at).originServerTs())
                            .max()
                            .orElseThrow());
        }
    }
}
