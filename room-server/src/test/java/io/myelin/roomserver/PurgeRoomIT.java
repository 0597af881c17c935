package io.myelin.roomserver;

import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.BOB;
import static io.myelin.roomserver.TestShard.refused;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.myelin.contracts.Partitions;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.ClaimAlias;
import io.myelin.contracts.room.RoomCommand.ForgetRoom;
import io.myelin.contracts.room.RoomCommand.PurgeRoom;
import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomFact.RoomPurged;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.engine.Numbered;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.roomserver.federated.FederatedRoom;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Rooms that are purged, on a real database and a real broker. */
class PurgeRoomIT {

    /** A seed that no other test uses. */
    private static final long SEED = 77_000;

    @AutoClose
    private static final RunningRoomServer server = new RunningRoomServer();

    private RoomAnswer purge(RoomId room, boolean force) {
        return server.execute(
                room.value(), new PurgeRoom(room, force, server.queries().aliasesOf(room), null));
    }

    private static int shardOf(RoomId room) {
        return Partitions.of(room.value(), RunningRoomServer.SHARDS);
    }

    private long numberOf(RoomId room) throws SQLException {
        return server.numbers("SELECT number FROM room.room WHERE room_id = '" + room.value() + "'")
                .getFirst();
    }

    /** The columns of all tables that name a row's room, each with the number of rows of this room. */
    private Map<String, Long> rowsOf(RoomId room, long number) throws SQLException {
        Map<String, Long> rows = new HashMap<>();
        for (String column : server.texts("""
                SELECT c.table_name || '.' || c.column_name || '.' || c.data_type
                  FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
                 WHERE c.table_schema = 'room' AND t.table_type = 'BASE TABLE'""")) {
            String[] parts = column.split("\\.", -1);
            boolean isNumber = parts[1].equals("room") && parts[2].equals("bigint");
            boolean isText = parts[2].equals("text");
            if (isNumber || isText) {
                String value = isNumber ? number + " AND shard = " + shardOf(room) : "'" + room.value() + "'";
                String that = " WHERE " + parts[1] + " = " + value
                        // the fact of the purge itself stays, for readers that catch up later
                        + (parts[0].equals("log") ? " AND kind <> 20" : "");
                rows.put(
                        parts[0] + "." + parts[1],
                        server.numbers("SELECT count(*) FROM room." + parts[0] + that)
                                .getFirst());
            }
        }
        return rows;
    }

    /** Waits until no table has a row of the room, and the log has no number of its events. */
    private void isGone(RoomId room, long number, List<Long> itsNumbers) {
        await().atMost(30, SECONDS)
                .untilAsserted(() -> assertThat(server.numbers("SELECT count(*) FROM room.purge"))
                        .containsExactly(0L));
        await().atMost(10, SECONDS)
                .untilAsserted(() -> assertThat(rowsOf(room, number))
                        .hasSizeGreaterThan(10)
                        .allSatisfy(
                                (column, rows) -> assertThat(rows).as(column).isZero()));
        int shard = shardOf(room);
        assertThat(server.replayed(shard)).extracting(Numbered::seq).doesNotContainAnyElementsOf(itsNumbers);
    }

    private List<Long> numbersOf(RoomId room) {
        return server.queries().events(room, RoomPlace.BEGINNING, RoomPlace.END, false, 10_000).events().stream()
                .map(event -> event.seq())
                .toList();
    }

    @Test
    void aRoomWithUsersOfOursIsNotPurgedUnlessTheyAreToLeave() {
        RoomId room = server.create(server.aRoom());
        assertThat(refused(purge(room, false)).status()).isEqualTo(400);
        assertThat(server.queries().room(room, 1)).isPresent();
    }

    @Test
    void nothingIsLeftOfAPurgedRoomAndTheOthersOfItsShardGoOn() throws Exception {
        RoomAlias alias = new RoomAlias("#purged:example.org");
        RoomId room = server.create(server.aRoom().name("Doomed").published());
        int shard = shardOf(room);
        RoomId other = server.createIn(shard);
        server.join(room);
        assertThat(server.execute(alias.value(), new ClaimAlias(alias, room, ALICE, true, 0)))
                .isInstanceOf(RoomAnswer.Done.class);
        EventId message = server.send(room, EventTypes.MESSAGE, null, "{\"body\":\"hello\"}");
        server.redact(room, message);
        // enough for states to be stored as differences
        for (int i = 0; i < 130; i++) {
            server.send(room, EventTypes.TOPIC, "", "{\"topic\":\"" + i + "\"}");
        }
        server.execute(room.value(), new ForgetRoom(room, new UserId("@stranger:example.org")));
        long number = numberOf(room);
        List<Long> numbers = numbersOf(room);
        assertThat(rowsOf(room, number).values().stream().filter(rows -> rows > 0))
                .hasSizeGreaterThanOrEqualTo(6);

        assertThat(purge(room, true)).isInstanceOf(RoomAnswer.Done.class);

        isGone(room, number, numbers);
        assertThat(server.queries().room(room, 1)).isEmpty();
        assertThat(server.queries().roomsOf(BOB).rooms())
                .noneMatch(mine -> mine.room().equals(room));
        assertThat(server.queries().event(room, message)).isEmpty();
        assertThat(server.queries().isPublished(room)).isFalse();
        assertThat(server.queries().publishedRooms(null, 100)).doesNotContain(room);
        await().atMost(10, SECONDS)
                .untilAsserted(() -> assertThat(server.queries().roomOf(alias)).isEmpty());
        assertThat(refused(server.trySend(room, EventTypes.MESSAGE, null, "{\"body\":\"gone\"}"))
                        .status())
                .isEqualTo(403);
        server.send(other, EventTypes.MESSAGE, null, "{\"body\":\"alive\"}");
        assertThat(server.replayed(shard))
                .filteredOn(fact -> fact.fact() instanceof RoomPurged purged
                        && purged.room().equals(room))
                .hasSize(1);
        server.restart();
        server.send(other, EventTypes.MESSAGE, null, "{\"body\":\"still\"}");
        assertThat(server.trySend(room, EventTypes.MESSAGE, null, "{\"body\":\"gone\"}"))
                .isInstanceOf(RoomAnswer.Refused.class);
        server.assertThatReplayIsWhatWasPublished();
    }

    @Test
    void aPurgeThatAnOwnerDidNotFinishIsFinishedByTheNext() throws Exception {
        RoomId room = server.create(server.aRoom());
        long number = numberOf(room);
        List<Long> numbers = numbersOf(room);
        purge(room, true);
        server.restart();
        isGone(room, number, numbers);
    }

    /** This includes its forks: resolved states, and rejected and soft-failed events. */
    @Test
    void aRoomThatWasPurgedComesToLifeAgainAsIfItHadNeverBeenHere() throws Exception {
        FederatedRoom room = FederatedRoom.generated(RoomVersions.V10, SEED);
        Arrivals first = new Arrivals(server, room);
        first.arrive(room.events());
        long number = numberOf(room.id());
        List<Long> numbers = numbersOf(room.id());

        assertThat(purge(room.id(), true)).isInstanceOf(RoomAnswer.Done.class);
        isGone(room.id(), number, numbers);
        Arrivals again = new Arrivals(server, room);
        again.arrive(room.events());

        assertThat(again.missing()).isEmpty();
        assertThat(again.received).isEqualTo(first.received);
        assertThat(numberOf(room.id())).isGreaterThan(number);
        server.assertThatReplayIsWhatWasPublished();
        server.restart();
        server.assertThatReplayIsWhatWasPublished();
        assertThat(server.queries().room(room.id(), 10)).isPresent();
    }

    @Test
    void readersHearOfAPurgeWithoutWhatItDeletes() {
        RoomId room = server.create(server.aRoom());
        purge(room, true);
        int shard = shardOf(room);
        await().atMost(10, SECONDS)
                .untilAsserted(() -> assertThat(server.replayed(shard))
                        .extracting(Numbered::fact)
                        .anySatisfy(fact -> assertThat(fact)
                                .isInstanceOfSatisfying(
                                        RoomPurged.class,
                                        purged -> assertThat(purged.room()).isEqualTo(room)))
                        .noneMatch(fact -> fact instanceof RoomFact.PurgedRowsDeleted));
    }
}
