package io.myelin.roomserver;

import static io.myelin.roomserver.TestShard.BOB;
import static io.myelin.roomserver.TestShard.profile;
import static io.myelin.roomserver.TestShard.refused;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.myelin.contracts.Partitions;
import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.ChangeMembership;
import io.myelin.contracts.room.RoomCommand.PurgeRoom;
import io.myelin.contracts.room.RoomQueries.PurgeProgress;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomId;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Purges in which a step fails, so that the next one is not ordered, and purges of rooms that cannot be read. */
class InterruptedPurgeIT {

    @AutoClose
    private static final RunningRoomServer server = new RunningRoomServer();

    @BeforeAll
    static void start() throws Exception {
        server.execute("""
                CREATE FUNCTION room.refuse() RETURNS trigger LANGUAGE plpgsql
                    AS 'BEGIN RAISE EXCEPTION ''the disk says no''; END'""");
    }

    @AfterEach
    void theDiskIsWellAgain() throws Exception {
        server.execute("DROP TRIGGER IF EXISTS refused ON room.event");
        server.execute("DROP TRIGGER IF EXISTS refused ON room.purge");
    }

    private static RoomAnswer purge(RoomId room, boolean force) {
        return server.execute(room.value(), new PurgeRoom(room, force, List.of(), null));
    }

    private static void isAt(RoomId room, PurgeProgress progress) {
        assertThat(server.queries().purgeOf(room)).contains(progress);
    }

    private static void comesToItsEnd(RoomId room) {
        await().atMost(90, SECONDS).untilAsserted(() -> isAt(room, PurgeProgress.COMPLETE));
    }

    /** Waits until only one order is left, which cannot be carried out and is repeated. */
    private static void standsStill() {
        await().atMost(60, SECONDS)
                .untilAsserted(
                        () -> assertThat(server.numbers("SELECT count(*) FROM room.outbox WHERE topic = 'room.input'"))
                                .containsExactly(1L));
    }

    private static RoomAnswer bobJoins(RoomId room) {
        return server.execute(
                room.value(),
                ChangeMembership.of(
                        room,
                        new Requester(BOB, null, null),
                        MembershipAction.JOIN,
                        BOB,
                        null,
                        profile(BOB, 1, "bob"),
                        null));
    }

    private static String ofRoom(RoomId room) throws SQLException {
        return " WHERE shard = " + Partitions.of(room.value(), RunningRoomServer.SHARDS) + " AND room = "
                + server.numbers("SELECT number FROM room.room WHERE room_id = '" + room.value() + "'")
                        .getFirst();
    }

    private static long rows(String table, String ofRoom) throws SQLException {
        return server.numbers("SELECT count(*) FROM room." + table + ofRoom).getFirst();
    }

    @Test
    void goesOnWhereItsRowsCouldNotBeDeleted() throws Exception {
        RoomId room = server.create(server.aRoom());
        String ofRoom = ofRoom(room);
        server.execute("CREATE TRIGGER refused BEFORE DELETE ON room.event EXECUTE FUNCTION room.refuse()");
        assertThat(purge(room, true)).isInstanceOf(RoomAnswer.Done.class);
        await().atMost(60, SECONDS).untilAsserted(() -> isAt(room, PurgeProgress.ROWS_GO));
        standsStill();
        assertThat(rows("event", ofRoom)).isPositive();

        theDiskIsWellAgain();
        server.resumePurges();

        comesToItsEnd(room);
        assertThat(rows("event", ofRoom)).isZero();
        server.assertThatReplayIsWhatWasPublished();
    }

    @Test
    void goesOnWhereItsUsersHadLeftButTheRoomCouldNotGo() throws Exception {
        RoomId room = server.create(server.aRoom().preset("public_chat"));
        server.execute("CREATE TRIGGER refused BEFORE INSERT OR UPDATE ON room.purge FOR EACH ROW WHEN (NEW.gone)"
                + " EXECUTE FUNCTION room.refuse()");
        assertThat(purge(room, true)).isInstanceOf(RoomAnswer.Done.class);
        standsStill();
        isAt(room, PurgeProgress.USERS_LEAVE);

        server.restart();
        isAt(room, PurgeProgress.USERS_LEAVE);
        assertThat(refused(bobJoins(room)).errcode()).isEqualTo("M_NOT_FOUND");
        theDiskIsWellAgain();
        server.resumePurges();

        comesToItsEnd(room);
        server.restart();
        isAt(room, PurgeProgress.COMPLETE);
        server.assertThatReplayIsWhatWasPublished();
    }

    @Test
    void isDoneOnceThoughItIsOrderedTwice() throws Exception {
        RoomId room = server.create(server.aRoom());
        String ofRoom = ofRoom(room);
        purge(room, true);
        server.resumePurges();
        comesToItsEnd(room);
        assertThat(rows("purge", ofRoom)).isZero();
    }

    @Test
    void takesARoomAwayThatCannotBeRead() throws Exception {
        RoomId room = server.create(server.aRoom());
        server.join(room);
        String ofRoom = ofRoom(room);
        server.execute("UPDATE room.event SET state = 4711" + ofRoom);
        server.restart();
        assertThat(refused(server.trySend(room, EventTypes.MESSAGE, null, "{}")).error())
                .contains("cannot read");
        assertThat(refused(purge(room, false)).status()).isEqualTo(500);

        assertThat(purge(room, true)).isInstanceOf(RoomAnswer.Done.class);

        comesToItsEnd(room);
        assertThat(rows("event", ofRoom) + rows("membership", ofRoom)).isZero();
        assertThat(server.queries().roomsOf(BOB).rooms())
                .noneMatch(known -> known.room().equals(room));
        assertThat(refused(server.trySend(room, EventTypes.MESSAGE, null, "{}")).status())
                .isEqualTo(403);
    }

    @Test
    void isUnknownOfARoomThatNobodyPurged() {
        RoomId room = server.create(server.aRoom());
        assertThat(server.queries().purgeOf(room)).isEmpty();
        purge(room, true);
        comesToItsEnd(room);
    }
}
