package io.myelin.clientsync.read;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.BOB;
import static io.myelin.clientsync.fixture.SyncingClient.events;
import static io.myelin.clientsync.fixture.SyncingClient.ids;
import static io.myelin.clientsync.fixture.SyncingClient.room;
import static io.myelin.clientsync.fixture.SyncingClient.timelineIds;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.clientsync.fixture.SyncingClient;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes before the place where a room's history was purged is shown by no read, cached or not. */
class PurgedHistoryTest {
    private final Server server = new Server();
    private final Room kitchen = server.room("kitchen");
    private final RoomReads reads = new RoomReads(server, kitchen);
    private final SyncingClient alice = server.client(ALICE);
    private final SyncingClient bob = server.client(BOB);
    private final List<EventId> old = new ArrayList<>();
    private EventId first = new EventId("$none");
    private EventId last = new EventId("$none");

    @BeforeEach
    void aRoomWithAHistory() {
        kitchen.join(BOB);
        old.add(kitchen.say(ALICE, "one"));
        old.add(kitchen.relate(BOB, old.getFirst(), "m.thread"));
        old.add(kitchen.edit(ALICE, old.getFirst(), "once"));
        alice.sync();
        bob.sync();
        first = kitchen.say(ALICE, "first that stays");
        last = kitchen.relate(BOB, first, "m.thread");
    }

    private void purge(boolean cached) {
        server.purgeHistory(kitchen.id(), first);
        if (!cached) {
            server.restart(1);
        }
    }

    private List<String> oldIds() {
        return old.stream().map(EventId::value).toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFirstSyncHasWhatStaysAndTheWholeState(boolean cached) {
        purge(cached);
        JsonObject told = room(server.client(ALICE).sync(), "join", kitchen.id());
        assertThat(ids(events(told, "timeline"))).containsExactly(first.value(), last.value());
        assertThat(events(told, "state"))
                .extracting(event -> event.string("type").orElseThrow())
                .contains("m.room.create", "m.room.member");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTokenOfBeforeGoesOn(boolean cached) {
        String before = alice.token();
        purge(cached);
        assertThat(timelineIds(alice.sync(), "join", kitchen)).containsExactly(first.value(), last.value());
        alice.goBackTo(before);
        assertThat(timelineIds(alice.sync(), "join", kitchen)).containsExactly(first.value(), last.value());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noOtherReadShowsWhatIsPurged(boolean cached) {
        purge(cached);
        assertThat(RoomReads.ids(reads.messages(BOB), "chunk")).containsExactly(last.value(), first.value());
        JsonObject context = reads.context(BOB, first, 100);
        assertThat(RoomReads.ids(context, "events_before")).isEmpty();
        assertThat(RoomReads.ids(context, "events_after")).containsExactly(last.value());
        old.forEach(event -> assertThat(reads.findsAlone(BOB, event)).isFalse());
        assertThat(reads.findsAlone(BOB, first)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoHasLeftIsShownNoneOfItEither(boolean cached) {
        kitchen.leave(BOB);
        kitchen.say(ALICE, "without Bob");
        assertThat(RoomReads.ids(reads.messages(BOB), "chunk")).containsAll(oldIds());
        purge(cached);
        assertThat(RoomReads.ids(reads.messages(BOB), "chunk"))
                .contains(first.value())
                .doesNotContainAnyElementsOf(oldIds());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theStateOfTheTimeBeforeIsStillKnown(boolean cached) {
        purge(cached);
        kitchen.leave(BOB);
        EventId topic = kitchen.state(ALICE, "m.room.topic", "", "{\"topic\":\"new\"}");
        assertThat(timelineIds(alice.sync(), "join", kitchen)).contains(topic.value());
        assertThat(events(room(server.client(ALICE).sync(), "join", kitchen.id()), "state"))
                .extracting(event -> event.string("type").orElseThrow())
                .contains("m.room.create");
    }
}
