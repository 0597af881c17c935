package io.myelin.roomserver;

import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.BOB;
import static io.myelin.roomserver.TestShard.SERVER;
import static io.myelin.roomserver.TestShard.refused;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.myelin.contracts.Partitions;
import io.myelin.contracts.room.BundleQuery;
import io.myelin.contracts.room.RelatedQuery;
import io.myelin.contracts.room.RoomAdminCommand.BlockRoom;
import io.myelin.contracts.room.RoomAdminCommand.PurgeHistory;
import io.myelin.contracts.room.RoomAdminCommand.ShutDownRoom;
import io.myelin.contracts.room.RoomAdminCommand.Shutdown;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.PurgeRoom;
import io.myelin.contracts.room.RoomFact.HistoryPurged;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.RoomQueries.PurgeProgress;
import io.myelin.contracts.room.RoomQueries.RoomSnapshot;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.engine.Numbered;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Purges of rooms' histories, blocks and shutdowns, on a real database and a real broker. */
class PurgeHistoryIT {
    private static final int MANY = Integer.getInteger("myelin.purge.events", 2_300);

    @AutoClose
    private static final RunningRoomServer server = new RunningRoomServer();

    @AfterEach
    void theTablesAreSound() throws SQLException {
        await().atMost(30, SECONDS).untilAsserted(() -> assertThat(server.damage())
                .isEmpty());
        server.assertThatReplayIsWhatWasPublished();
    }

    private static EventId say(RoomId room, String text) {
        return server.send(room, EventTypes.MESSAGE, null, "{\"body\":\"" + text + "\"}");
    }

    private static EventId relate(RoomId room, EventId to, String type) {
        return server.send(room, EventTypes.MESSAGE, null, "{\"body\":\"x\",\"m.relates_to\":{\"event_id\":\"" + to
                + "\",\"rel_type\":\"" + type + "\"}}");
    }

    /** Purges and waits until everything is deleted; the number of the purge. */
    private static long purge(RoomId room, EventId upTo, @Nullable ServerName kept) {
        RoomAnswer answer = server.execute(room.value(), new PurgeHistory(room, upTo, kept));
        assertThat(answer).isInstanceOf(RoomAnswer.Done.class);
        isComplete(room);
        return ((RoomAnswer.Done) answer).at().seq();
    }

    private static void isComplete(RoomId room) {
        await().atMost(120, SECONDS).untilAsserted(() -> assertThat(
                        server.queries().historyPurgeOf(room).orElseThrow().complete())
                .isTrue());
    }

    private static List<EventId> shown(RoomId room) {
        return server.queries().events(room, RoomPlace.BEGINNING, RoomPlace.END, false, 1_000).events().stream()
                .map(stored -> stored.event().id())
                .toList();
    }

    private static long rows(String where) throws SQLException {
        return server.numbers("SELECT count(*) FROM room.event WHERE " + where).getFirst();
    }

    private static String inRoom(RoomId room) throws SQLException {
        return "shard = " + shardOf(room) + " AND room = "
                + server.numbers("SELECT number FROM room.room WHERE room_id = '" + room.value() + "'")
                        .getFirst();
    }

    private static int shardOf(RoomId room) {
        return Partitions.of(room.value(), RunningRoomServer.SHARDS);
    }

    @Test
    void hidesEverythingBeforeAnEventAndDeletesItsMessages() throws Exception {
        RoomId room = server.create(server.aRoom().name("Kitchen"));
        server.join(room);
        EventId old = say(room, "old");
        EventId redacted = say(room, "to be redacted");
        server.redact(room, redacted);
        EventId root = relate(room, old, "m.thread");
        EventId name = server.send(room, EventTypes.NAME, "", "{\"name\":\"redacted name\"}");
        server.redact(room, name);
        server.send(room, EventTypes.TOPIC, "", "{\"topic\":\"kept\"}");
        EventId first = say(room, "first that stays");
        EventId reply = relate(room, first, "m.thread");
        List<StoredEvent> stateBefore = state(room);

        purge(room, first, null);

        assertThat(shown(room)).containsExactly(first, reply);
        assertThat(server.queries().events(room, RoomPlace.BEGINNING, RoomPlace.END, true, 1).end())
                .isFalse();
        assertThat(List.of(old, redacted, root, name))
                .allSatisfy(event -> assertThat(server.queries().event(room, event)).isEmpty());
        assertThat(server.queries().event(room, first)).isPresent();
        RoomSnapshot snapshot = server.queries().room(room, 10).orElseThrow();
        assertThat(snapshot.timeline()).hasSize(2);
        assertThat(snapshot.complete()).isFalse();
        assertThat(server.queries().smallRooms(shardOf(room), List.of(room), 10))
                .singleElement()
                .satisfies(small -> assertThat(small.timeline()).isEqualTo(snapshot.timeline()));
        assertThat(server.queries()
                        .related(
                                room,
                                new RelatedQuery(
                                        old, null, null, 3, RoomPlace.BEGINNING, RoomPlace.END, true, 10))
                        .events())
                .isEmpty();
        assertThat(server.queries().threads(room, RoomPlace.END, 10).roots())
                .extracting(stored -> stored.event().id())
                .containsExactly(first);
        assertThat(server.queries()
                        .bundled(room, new BundleQuery(List.of(old), ALICE, List.of(), Long.MAX_VALUE, List.of()))
                        .threads())
                .isEmpty();
        // messages are gone, but for the redaction of the name, by which the name stays redacted
        assertThat(rows(inRoom(room) + " AND state_key IS NULL")).isEqualTo(3);
        assertThat(state(room)).hasSameSizeAs(stateBefore);
        assertThat(state(room))
                .filteredOn(stored -> stored.event().id().equals(name))
                .allSatisfy(stored -> assertThat(stored.redactedBecause()).isNotNull());
        assertThat(server.queries().roomsOf(BOB).rooms()).anyMatch(mine -> mine.room().equals(room));

        server.restart();

        assertThat(shown(room)).containsExactly(first, reply);
        EventId after = say(room, "after");
        assertThat(shown(room)).containsExactly(first, reply, after);
        server.send(room, EventTypes.TOPIC, "", "{\"topic\":\"new\"}");
        assertThat(server.replayed(shardOf(room)))
                .extracting(Numbered::fact)
                .filteredOn(HistoryPurged.class::isInstance)
                .isNotEmpty();
    }

    private static List<StoredEvent> state(RoomId room) {
        return server.queries()
                .numbered(room, server.queries().stateNumbers(room, Long.MAX_VALUE, null))
                .events();
    }

    @Test
    void keepsTheMessagesOfOneServerHidden() throws Exception {
        RoomId room = server.create(server.aRoom());
        EventId old = say(room, "old");
        EventId first = say(room, "first that stays");
        long number = purge(room, first, SERVER);
        assertThat(shown(room)).containsExactly(first);
        assertThat(server.queries().event(room, old)).isEmpty();
        assertThat(rows(inRoom(room) + " AND state_key IS NULL")).isEqualTo(2);

        assertThat(purge(room, first, null)).isGreaterThan(number);

        assertThat(shown(room)).containsExactly(first);
        assertThat(rows(inRoom(room) + " AND state_key IS NULL")).isEqualTo(1);
    }

    @Test
    void aLaterPurgeReplacesTheOneBefore() throws Exception {
        RoomId room = server.create(server.aRoom());
        List<EventId> said = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            said.add(say(room, "message " + i));
        }
        purge(room, said.get(3), null);
        assertThat(refused(server.execute(room.value(), new PurgeHistory(room, said.get(2), null)))
                        .status())
                .isEqualTo(404);
        purge(room, said.getLast(), null);
        assertThat(shown(room)).containsExactly(said.getLast());
        assertThat(server.replayed(shardOf(room)))
                .filteredOn(fact -> fact.fact() instanceof HistoryPurged purged
                        && purged.room().equals(room))
                .hasSize(1);
    }

    @Test
    void aLargePurgeIsFinishedByTheNextOwnerAndOthersGoOnMeanwhile() throws Exception {
        RoomId room = server.create(server.aRoom());
        RoomId other = server.createIn(shardOf(room));
        fill(room, MANY);
        EventId first = say(room, "first that stays");
        assertThat(server.execute(room.value(), new PurgeHistory(room, first, null)))
                .isInstanceOf(RoomAnswer.Done.class);
        assertThat(shown(room)).containsExactly(first);
        say(other, "meanwhile");
        server.restart();
        assertThat(shown(room)).containsExactly(first);
        isComplete(room);
        assertThat(rows(inRoom(room) + " AND state_key IS NULL")).isEqualTo(1);
        say(room, "after");
    }

    /** Messages are sent without waiting for each. */
    private static void fill(RoomId room, int count) {
        int most = 200;
        for (int sent = 0; sent < count; sent += most) {
            server.sayAtOnce(room, Math.min(most, count - sent));
        }
    }

    @Test
    void goesOnWhereASliceCouldNotBeDeleted() throws Exception {
        RoomId room = server.create(server.aRoom());
        say(room, "old");
        EventId first = say(room, "first that stays");
        server.execute("""
                CREATE OR REPLACE FUNCTION room.refuse() RETURNS trigger LANGUAGE plpgsql
                    AS 'BEGIN RAISE EXCEPTION ''the disk says no''; END'""");
        server.execute("CREATE TRIGGER refused BEFORE DELETE ON room.event EXECUTE FUNCTION room.refuse()");
        try {
            server.execute(room.value(), new PurgeHistory(room, first, null));
            await().atMost(60, SECONDS)
                    .untilAsserted(() ->
                            assertThat(server.numbers("SELECT count(*) FROM room.outbox WHERE topic = 'room.input'"))
                                    .containsExactly(1L));
        } finally {
            server.execute("DROP TRIGGER refused ON room.event");
        }
        assertThat(server.queries().historyPurgeOf(room).orElseThrow().complete())
                .isFalse();
        server.resumePurges();
        isComplete(room);
        assertThat(rows(inRoom(room) + " AND state_key IS NULL")).isEqualTo(1);
    }

    @Test
    void nothingIsLeftOfThePurgeWhenTheRoomIsPurged() throws Exception {
        RoomId room = server.create(server.aRoom());
        say(room, "old");
        purge(room, say(room, "first that stays"), null);
        server.execute(room.value(), new PurgeRoom(room, true, List.of(), null));
        await().atMost(60, SECONDS)
                .untilAsserted(() -> assertThat(server.queries().purgeOf(room)).contains(PurgeProgress.COMPLETE));
        assertThat(server.queries().historyPurgeOf(room)).isEmpty();
        assertThat(server.numbers("SELECT count(*) FROM room.history_purge h WHERE NOT EXISTS"
                        + " (SELECT FROM room.room r WHERE r.shard = h.shard AND r.number = h.room)"))
                .containsExactly(0L);
    }

    @Test
    void aRoomIsEmptiedAndItsBlockOutlivesARestart() throws Exception {
        RoomId room = server.create(server.aRoom());
        server.join(room);
        RoomId newRoom = server.create(server.aRoom().preset("public_chat"));
        server.execute(room.value(), new BlockRoom(room, ALICE, true));
        server.execute(room.value(), new ShutDownRoom(room, List.of(), new Shutdown(newRoom, false), null, false));
        await().atMost(60, SECONDS).untilAsserted(() -> {
            assertThat(server.queries().shutdownOf(room).orElseThrow().emptied())
                    .isTrue();
            assertThat(server.queries().joinedMembers(room)).isZero();
            assertThat(server.queries().joinedMembers(newRoom)).isEqualTo(2);
        });
        assertThat(server.queries().shutdownOf(room).orElseThrow().users()).containsExactly(ALICE, BOB);
        server.restart();
        assertThat(server.queries().blockedBy(room)).contains(ALICE);
        server.execute(room.value(), new BlockRoom(room, ALICE, false));
        assertThat(server.queries().blockedBy(room)).isEmpty();
    }
}
