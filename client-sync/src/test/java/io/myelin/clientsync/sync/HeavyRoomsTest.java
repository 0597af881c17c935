package io.myelin.clientsync.sync;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.BOB;
import static io.myelin.clientsync.fixture.Server.session;
import static io.myelin.clientsync.fixture.SyncingClient.events;
import static io.myelin.clientsync.fixture.SyncingClient.room;
import static io.myelin.clientsync.fixture.SyncingClient.timelineIds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.clientsync.cache.CachedRoom;
import io.myelin.clientsync.cache.TooHeavy;
import io.myelin.clientsync.filter.EventFilter;
import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.clientsync.fixture.SyncingClient;
import io.myelin.clientsync.web.LargeAnswers;
import io.myelin.clientsync.web.ReaderErrors;
import io.myelin.contracts.Unavailable;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.StreamedJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;

/** Large rooms, in a server that may keep one megabyte. */
class HeavyRoomsTest {
    private static final int MEMORY = 1 << 20;

    private final Server server = new Server(MEMORY);
    private final Room kitchen = server.room("kitchen");

    /** Sets state under so many keys, each with a content of about so many bytes. */
    private static void grow(Room room, int keys, int bytes) {
        String content = "{\"a\":\"" + "0".repeat(bytes) + "\"}";
        for (int i = 0; i < keys; i++) {
            room.state(ALICE, "org.big", "k" + i, content);
        }
    }

    @Test
    void aRoomThatIsTooHeavyIsRefusedAndNotTold() {
        Room heavy = server.room("heavy");
        grow(heavy, 30, 60_000);

        assertThatThrownBy(() -> server.states.all(session(ALICE), heavy.id()))
                .isInstanceOfSatisfying(
                        TooHeavy.class,
                        reason -> assertThat(new ReaderErrors().tooHeavy(reason).getStatusCode())
                                .isEqualTo(HttpStatus.CONTENT_TOO_LARGE))
                .hasMessageContaining("MB");
        JsonObject answer = server.client(ALICE).sync();

        assertThat(room(answer, "join", heavy.id())).isEqualTo(JsonObject.EMPTY);
        assertThat(events(room(answer, "join", kitchen.id()), "timeline")).isNotEmpty();
        assertThat(server.memory.used()).isLessThan(MEMORY);
    }

    @Test
    void whoeverIsInARoomThatBecomesTooHeavyIsToldOfTheOthers() {
        Room heavy = server.room("heavy");
        SyncingClient alice = server.client(ALICE);
        alice.sync();
        grow(heavy, 30, 60_000);

        alice.sync();
        EventId hello = kitchen.say(ALICE, "hello");

        assertThat(timelineIds(alice.sync(), "join", kitchen)).containsExactly(hello.value());
    }

    @Test
    void whoIsInvitedToARoomThatIsTooHeavySeesTheInvitation() {
        Room heavy = server.room("heavy");
        grow(heavy, 30, 60_000);
        heavy.invite(ALICE, BOB);
        List<Integer> read = new ArrayList<>();
        server.rooms.paged = page -> read.add(page.size());

        JsonObject answer = server.client(BOB).sync();

        assertThat(events(room(answer, "invite", heavy.id()), "invite_state"))
                .extracting(event -> event.string("type").orElseThrow())
                .contains("m.room.create", "m.room.member");
        assertThat(read).isEmpty();
    }

    /** The rest comes with the answers after it, and nothing is missing in the end. */
    @Test
    void aFirstAnswerTellsNoMoreThanAShareOfWhatMayBeKept() {
        List<Room> rooms = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Room room = server.room("room" + i);
            grow(room, 3, 12_000);
            rooms.add(room);
        }
        SyncingClient alice = server.client(ALICE);
        List<Room> told = new ArrayList<>();
        int answers = 0;
        while (told.size() < rooms.size() && answers < 10) {
            JsonObject answer = alice.sync();
            answers++;
            for (Room one : rooms) {
                if (!room(answer, "join", one.id()).isEmpty()) {
                    told.add(one);
                }
            }
        }

        assertThat(told).containsExactlyInAnyOrderElementsOf(rooms);
        assertThat(answers).isBetween(2, Server.SHARDS);
        EventId hello = rooms.getFirst().say(ALICE, "hello");
        assertThat(timelineIds(alice.sync(), "join", rooms.getFirst())).containsExactly(hello.value());
    }

    @Test
    void aFirstAnswerTellsAllRoomsThatTakeLessThanHalfOfWhatMayBeKept() {
        List<Room> rooms = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            Room room = server.room("room" + i);
            grow(room, 3, 6_000);
            rooms.add(room);
        }
        JsonObject answer = server.client(ALICE).sync();
        assertThat(rooms).noneMatch(one -> room(answer, "join", one.id()).isEmpty());
        assertThat(server.memory.used()).isBetween(MEMORY * 4L / 10, MEMORY / 2L);
    }

    @Test
    void manyRoomsOneAfterTheOtherStayWithinTheLimit() {
        for (int i = 0; i < 20; i++) {
            Room room = server.room("room" + i);
            grow(room, 5, 20_000);
            server.states.all(session(ALICE), room.id());
            assertThat(server.memory.used()).isLessThanOrEqualTo(MEMORY);
        }
    }

    /** With so many changes that all members of the viewer's rooms are gone through. */
    @Test
    void whoSharesOnlyARoomThatIsTooHeavyIsToldOf() {
        Room heavy = server.room("heavy");
        heavy.join(BOB);
        kitchen.join(BOB);
        SyncingClient alice = server.client(ALICE);
        alice.sync();
        grow(heavy, 30, 60_000);
        alice.sync();
        kitchen.leave(BOB);
        for (int i = 0; i < 150; i++) {
            server.changeDeviceList(new UserId("@u" + i + ":test"));
        }
        server.changeDeviceList(BOB);
        JsonObject answer = alice.sync();
        assertThat(DeviceListsTest.told(answer, "changed")).containsExactly(BOB.value());
        assertThat(DeviceListsTest.told(answer, "left")).isEmpty();
    }

    private void context(EventId event) {
        server.events.context(session(ALICE), kitchen.id(), event, 0, EventFilter.ALL);
    }

    /** Heavy state that is overwritten later, so that the room itself is light. */
    private EventId heavyPast() {
        grow(kitchen, 8, 40_000);
        EventId then = kitchen.say(ALICE, "then");
        grow(kitchen, 8, 1);
        for (int i = 0; i < CachedRoom.WINDOW; i++) {
            kitchen.say(ALICE, "message " + i);
        }
        server.states.all(session(ALICE), kitchen.id());
        return then;
    }

    @Test
    void whatARoomWasCountsWhileItIsReadAndIsReadOnceForAll() {
        EventId then = heavyPast();
        List<Long> used = new ArrayList<>();
        server.rooms.paged = _ -> used.add(server.memory.used());

        context(then);
        int pages = used.size();
        context(then);

        assertThat(pages).isGreaterThan(1);
        assertThat(used.getLast() - used.getFirst()).isGreaterThan(250_000);
        assertThat(used).hasSize(pages);
        assertThat(server.memory.used()).isLessThanOrEqualTo(MEMORY);
    }

    @Test
    void whatARoomWasIsNotReadWhileOthersTakeTheMemory() {
        EventId then = heavyPast();
        try (var _ = server.memory.reserve(600_000)) {
            assertThatThrownBy(() -> context(then)).isInstanceOf(Unavailable.class);
        }
        context(then);
    }

    @Test
    void roomsThatWaitForMemoryHoldUpNoLightOne() throws Exception {
        List<Room> heavy = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Room room = server.room("heavy" + i);
            grow(room, 4, 60_000);
            heavy.add(room);
        }
        List<Thread> waiting = new ArrayList<>();
        try (var _ = server.memory.reserve(MEMORY - 200_000)) {
            heavy.forEach(room ->
                    waiting.add(Thread.ofVirtual().start(() -> server.states.all(session(ALICE), room.id()))));
            for (Thread one : waiting) {
                while (one.isAlive() && one.getState() != Thread.State.TIMED_WAITING) {
                    Thread.onSpinWait();
                }
            }

            server.states.all(session(ALICE), kitchen.id());

            assertThat(waiting).allMatch(Thread::isAlive);
        }
        for (Thread one : waiting) {
            one.join();
        }
    }

    @Test
    void stateThatIsBeingSentCountsWhateverTheCachesDrop() {
        grow(kitchen, 4, 20_000);
        var answers = new LargeAnswers(() -> 4, () -> 4, Duration.ZERO, server.memory);
        StreamedJson answer = answers.of(ALICE, server.states.all(session(ALICE), kitchen.id()));
        long before = server.memory.used();

        StreamedJson.SendPermit turn = answer.turn();

        assertThat(server.memory.used() - before).isGreaterThan(80_000 + (128 << 10));
        turn.close();
        assertThat(server.memory.used()).isEqualTo(before);
    }

    /**
     * A loaded room and one that was kept up to date from the log tell the same events, whole to a client that wants
     * them whole.
     */
    @Test
    void stateThatIsKeptCompactIsToldAsItWasSent() {
        EventId topic = kitchen.state(ALICE, "m.room.topic", "", "{\"topic\":\"Tea\"}");
        for (int i = 0; i < 120; i++) {
            kitchen.say(ALICE, "message " + i);
        }
        server.restart(1);
        String federated = "{\"event_format\":\"federation\"}";

        for (boolean folded : new boolean[] {false, true}) {
            JsonObject state = events(room(server.client(ALICE).sync(), "join", kitchen.id()), "state").stream()
                    .filter(event -> event.string("type").orElseThrow().equals("m.room.topic"))
                    .findAny()
                    .orElseThrow();
            assertThat(state.string("event_id")).contains(topic.value());
            assertThat(state.object("content").orElseThrow()).isEqualTo(JsonObject.of("topic", "Tea"));
            JsonObject whole =
                    events(room(server.client(ALICE).filter(federated).sync(), "join", kitchen.id()), "state").stream()
                            .filter(event -> event.string("type").orElseThrow().equals("m.room.topic"))
                            .findAny()
                            .orElseThrow();
            assertThat(whole.string("sender")).contains(ALICE.value());
            assertThat(whole.object("content").orElseThrow()).isEqualTo(JsonObject.of("topic", "Tea"));
            if (!folded) {
                topic = kitchen.state(ALICE, "m.room.topic", "", "{\"topic\":\"Tea\"}");
                for (int i = 0; i < 120; i++) {
                    kitchen.say(ALICE, "message " + i);
                }
            }
        }
    }
}
