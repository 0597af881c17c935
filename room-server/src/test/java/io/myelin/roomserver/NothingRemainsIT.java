package io.myelin.roomserver;

import static io.myelin.roomserver.JoiningElsewhere.CARL;
import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.BOB;
import static io.myelin.roomserver.TestShard.profile;
import static io.myelin.roomserver.TestShard.sent;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.ReceivedPdu;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.ChangeMembership;
import io.myelin.contracts.room.RoomCommand.ForgetRoom;
import io.myelin.contracts.room.RoomCommand.PurgeRoom;
import io.myelin.contracts.room.RoomCommand.SetDirectoryVisibility;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.room.RoomVersions;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A database in which there are no rooms but those that are purged: whatever is left then is left of them. */
class NothingRemainsIT {

    /** The engine's, and what is kept of users and aliases. The log and the outbox are looked at by themselves. */
    private static final Set<String> OF_NO_ROOM = Set.of(
            "shard",
            "instance",
            "origin",
            "command",
            "transaction",
            "flyway_schema_history",
            "user_profile",
            "alias",
            "log",
            "outbox");

    private static RunningRoomServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new RunningRoomServer();
        // What was wanted of another one is still in the topics, and comes first.
        for (int shard = 0; shard < RunningRoomServer.SHARDS; shard++) {
            server.createIn(shard);
        }
        server.texts("SELECT room_id FROM room.room").forEach(id -> purge(new RoomId(id)));
        await().atMost(60, SECONDS)
                .untilAsserted(() -> assertThat(count("room") + count("purge") + count("event"))
                        .isZero());
        server.execute("DELETE FROM room.log");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void purge(RoomId room) {
        assertThat(server.execute(room.value(), new PurgeRoom(room, true, List.of(), null)))
                .isInstanceOf(RoomAnswer.Done.class);
    }

    private static void bob(RoomId room, MembershipAction action) {
        sent(server.execute(
                room.value(),
                ChangeMembership.of(
                        room, new Requester(BOB, null, null), action, BOB, null, profile(BOB, 1, "bob"), null)));
    }

    private static void bobForgets(RoomId room) {
        bob(room, MembershipAction.LEAVE);
        assertThat(server.execute(room.value(), new ForgetRoom(room, BOB))).isInstanceOf(RoomAnswer.Done.class);
    }

    private static void publish(RoomId room, boolean published) {
        assertThat(server.execute(room.value(), new SetDirectoryVisibility(room, ALICE, published)))
                .isInstanceOf(RoomAnswer.Done.class);
    }

    private static long count(String of) throws SQLException {
        return server.numbers("SELECT count(*) FROM room." + of).getFirst();
    }

    /** Forgotten twice, published twice, redacted. */
    private static RoomId aRoomOfOurs() {
        RoomId room = server.create(server.aRoom().preset("public_chat").published());
        for (int i = 0; i < 2; i++) {
            bob(room, MembershipAction.JOIN);
            bobForgets(room);
            publish(room, false);
            publish(room, true);
        }
        EventId message = server.send(room, EventTypes.MESSAGE, null, "{\"body\":\"oops\"}");
        server.redact(room, message);
        for (int i = 0; i < 70; i++) {
            server.send(room, EventTypes.TOPIC, "", "{\"topic\":\"" + i + "\"}");
        }
        return room;
    }

    /** Its state was replaced, outliers got their places, history was found later, and ended twice at the same event. */
    private static RoomId aRoomOfOthers() {
        JoiningElsewhere elsewhere = new JoiningElsewhere(server, RoomVersions.V11, 99_000, 5);
        elsewhere.story.says(CARL, "nobody brings this");
        Pdu first = elsewhere.story.says(CARL, "what comes before this is not known");
        elsewhere.story.says(CARL, "nor this");
        Pdu last = elsewhere.story.says(CARL, "the last before Alice comes");
        Pdu join = elsewhere.joins();
        long state = elsewhere.staged(first);
        assertThat(elsewhere.arrivals.asHistory(List.of(first, last), join.eventId(), Map.of(first.eventId(), state)))
                .hasAtLeastOneElementOfType(ReceivedPdu.Missing.class);
        assertThat(elsewhere.arrivals.live(List.of(first), Map.of(first.eventId(), state)))
                .containsExactly(new ReceivedPdu.Accepted(first.eventId()));
        List<Pdu> old = elsewhere.told().events();
        List<Pdu> older = old.subList(0, old.indexOf(first));
        assertThat(elsewhere.arrivals.asHistory(older, first.eventId(), Map.of()))
                .hasOnlyElementsOfType(ReceivedPdu.Accepted.class);
        return elsewhere.id;
    }

    private static void isEmptyButForThatRoomsWerePurged() throws SQLException {
        for (String table : server.texts("""
                SELECT table_name FROM information_schema.tables
                 WHERE table_schema = 'room' AND table_type = 'BASE TABLE'""")) {
            if (!OF_NO_ROOM.contains(table)) {
                assertThat(count(table)).as(table).isZero();
            }
        }
        // receipt-server, which is not there, is told to drop the receipts until it answers
        assertThat(count("outbox WHERE topic <> 'receipt.input'")).isZero();
        // of a profile, of a room that is gone, and of the slices in which its rows went
        assertThat(server.numbers("SELECT kind FROM room.log WHERE kind NOT IN (5, 20, 21)"))
                .isEmpty();
    }

    @Test
    void ofWhateverARoomHad() throws Exception {
        RoomId ours = aRoomOfOurs();
        RoomId others = aRoomOfOthers();
        // each of these was superseded, or is known by another number
        assertThat(count("log WHERE kind = 2")).isGreaterThan(count("forgotten"));
        assertThat(count("log WHERE kind = 13")).isGreaterThan(count("backward_extremity"));
        assertThat(count("log WHERE kind IN (1, 8) AND reference IS NOT NULL")).isGreaterThan(5);
        for (String table :
                List.of("state_difference", "state_replacement", "history", "forgotten", "directory", "unpruned")) {
            assertThat(count(table)).as(table).isPositive();
        }
        server.assertThatReplayIsWhatWasPublished();

        purge(ours);
        purge(others);

        await().atMost(60, SECONDS).untilAsserted(NothingRemainsIT::isEmptyButForThatRoomsWerePurged);
        server.assertThatReplayIsWhatWasPublished();
    }
}
