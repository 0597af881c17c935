package io.myelin.roomserver;

import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.BOB;
import static io.myelin.roomserver.TestShard.profile;
import static io.myelin.roomserver.TestShard.sent;
import static io.myelin.roomserver.federated.RemoteUsers.CARL;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.myelin.contracts.Partitions;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** After rooms with rows in all tables were purged, no table has a row with their IDs or one of their numbers. */
class NothingRemainsIT {

    @AutoClose
    private static final RunningRoomServer server = new RunningRoomServer();

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

    /** A room of ours that was forgotten twice and published twice, with a redacted event. */
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

    /**
     * A room of other servers: its state was replaced, outliers got their places, and history was found later, which ended
     * twice at the same event.
     */
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

    private static String in(List<Long> numbers) {
        return " IN (" + numbers.stream().map(String::valueOf).collect(Collectors.joining(",")) + ")";
    }

    private static String among(RoomId room, List<Long> numbers) {
        return ofShard(room) + "seq" + in(numbers);
    }

    private static String ofShard(RoomId room) {
        return " WHERE shard = " + Partitions.of(room.value(), RunningRoomServer.SHARDS) + " AND ";
    }

    /** The columns that may mention the room, each with its condition. */
    private static List<String> mentions(RoomId room, List<Long> numbers) throws SQLException {
        List<String> mentions = new ArrayList<>();
        for (String column : server.texts("""
                SELECT c.table_name || '.' || c.column_name || '.' || c.data_type
                  FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
                 WHERE c.table_schema = 'room' AND t.table_type = 'BASE TABLE'
                   AND c.table_name IN (SELECT s.table_name FROM information_schema.columns s
                                         WHERE s.table_schema = 'room' AND s.column_name = 'shard')""")) {
            String[] parts = column.split("\\.", -1);
            // the fact of the purge itself stays, for readers that catch up later
            String but = parts[0].equals("log") ? " AND kind <> 20" : "";
            if (parts[2].equals("bigint")) {
                mentions.add(parts[0] + ofShard(room) + parts[1] + in(numbers) + but);
            } else if (parts[2].equals("text")) {
                mentions.add(parts[0] + ofShard(room) + parts[1] + " = '" + room.value() + "'" + but);
            }
        }
        return mentions;
    }

    private static void isMentionedNowhere(RoomId room, List<Long> numbers) throws SQLException {
        assertThat(mentions(room, numbers)).hasSizeGreaterThan(40);
        for (String mention : mentions(room, numbers)) {
            assertThat(count(mention)).as(mention).isZero();
        }
    }

    @Test
    void ofWhateverARoomHad() throws Exception {
        RoomId ours = aRoomOfOurs();
        RoomId others = aRoomOfOthers();
        List<Long> numbersOfOurs = server.publishedOf(ours);
        List<Long> numbersOfOthers = server.publishedOf(others);
        // some facts were superseded, and some events have other numbers than their facts
        assertThat(count("log" + among(ours, numbersOfOurs) + " AND kind = 2")).isEqualTo(2);
        assertThat(count("log" + among(others, numbersOfOthers) + " AND kind = 13"))
                .isGreaterThan(count("backward_extremity" + among(others, numbersOfOthers)));
        assertThat(count("log" + among(others, numbersOfOthers) + " AND kind IN (1, 8) AND reference IS NOT NULL"))
                .isGreaterThan(5);
        server.assertThatReplayIsWhatWasPublished();

        purge(ours);
        purge(others);

        await().atMost(60, SECONDS).untilAsserted(() -> isMentionedNowhere(ours, numbersOfOurs));
        await().atMost(60, SECONDS).untilAsserted(() -> isMentionedNowhere(others, numbersOfOthers));
        server.assertThatReplayIsWhatWasPublished();
    }
}
