package io.myelin.roomserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.myelin.contracts.Partitions;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand.PruneRedacted;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.roomserver.federated.FederatedRoom;
import io.myelin.roomserver.federated.RemoteServer;
import io.myelin.roomserver.federated.StoryRoom;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Bodies of events that were redacted, on a real database and a real broker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PruneRedactedIT {

    /** A seed that no other test uses. */
    private static final long SEED = 88_000;

    @AutoClose
    private static final RunningRoomServer server = new RunningRoomServer();

    /** A time after all redactions here; another one for each command. */
    private long later = Long.MAX_VALUE;

    private void prune(RoomId room, long until) {
        int shard = Partitions.of(room.value(), RunningRoomServer.SHARDS);
        assertThat(server.execute(shard, room.value(), new PruneRedacted(shard, until, 0)))
                .isInstanceOf(RoomAnswer.RedactedPruned.class);
    }

    /** How many bodies in the database contain a text. */
    private long bodiesWith(String text) throws SQLException {
        return server.numbers(
                        "SELECT count(*) FROM room.event WHERE position('" + text + "' in encode(body, 'escape')) > 0")
                .getFirst();
    }

    private StoredEvent event(RoomId room, EventId event) {
        return server.queries().event(room, event).orElseThrow();
    }

    private static JsonObject json(byte[] body) {
        return JsonParser.parseObject(body);
    }

    @Test
    void whatWasRedactedIsGoneFromTheDatabaseAndReadsAsItDid() throws Exception {
        RoomId room = server.create(server.aRoom());
        EventId message = server.send(room, EventTypes.MESSAGE, null, "{\"body\":\"oops-message\"}");
        EventId name = server.send(room, EventTypes.NAME, "", "{\"name\":\"oops-name\"}");
        server.send(room, EventTypes.NAME, "", "{\"name\":\"polite\"}");
        JsonObject whole = json(server.graph().pdus(room, List.of(message)).getFirst());
        EventId redaction = server.redact(room, message);
        server.redact(room, name);
        StoredEvent before = event(room, message);
        byte[] wire = server.graph().pdus(room, List.of(message)).getFirst();
        assertThat(bodiesWith("oops")).isEqualTo(2);

        prune(room, 0);
        assertThat(bodiesWith("oops")).isEqualTo(2);
        prune(room, later--);

        assertThat(bodiesWith("oops")).isZero();
        assertThat(bodiesWith("polite")).isEqualTo(1);
        StoredEvent after = event(room, message);
        assertThat(after.event().body()).isEqualTo(before.event().body());
        assertThat(requireNonNull(after.redactedBecause()).id()).isEqualTo(redaction);
        byte[] pruned = server.graph().pdus(room, List.of(message)).getFirst();
        assertThat(pruned).isEqualTo(wire);
        assertThat(json(pruned).get("hashes")).isEqualTo(whole.get("hashes"));
        assertThat(json(pruned).get("signatures")).isEqualTo(whole.get("signatures"));
        server.restart();
        assertThat(event(room, message).event().body()).isEqualTo(before.event().body());
        server.redact(room, message);
        server.send(room, EventTypes.MESSAGE, null, "{\"body\":\"the room goes on\"}");
    }

    @Test
    void whatWasRedactedBeforeItCameIsGoneToo() throws Exception {
        RemoteServer remote = RemoteServer.named("pruned.example");
        StoryRoom story = new StoryRoom(RoomVersions.V11, SEED, remote.user("carl"), remote);
        Pdu joins = story.joins(remote.user("dora"));
        Pdu early = story.says(remote.user("dora"), "an early blunder");
        story.after(joins);
        Pdu redaction = story.redacts(remote.user("carl"), early);
        FederatedRoom told = story.told();
        Arrivals arrivals = new Arrivals(server, told);
        arrivals.arrive(
                told.events().stream().filter(event -> !event.equals(early)).toList());
        prune(told.id(), later--);
        arrivals.arrive(List.of(early));
        assertThat(bodiesWith("blunder")).isEqualTo(1);

        prune(told.id(), later--);

        assertThat(bodiesWith("blunder")).isZero();
        StoredEvent after = event(told.id(), early.eventId());
        assertThat(after.event().body()).isEqualTo(early.redacted().bytes());
        assertThat(requireNonNull(after.redactedBecause()).id()).isEqualTo(redaction.eventId());
    }

    @Test
    void manyArePrunedInSlicesAndNoneTwice() throws Exception {
        RoomId room = server.create(server.aRoom());
        for (int i = 0; i < 230; i++) {
            server.redact(room, server.send(room, EventTypes.MESSAGE, null, "{\"body\":\"slip " + i + "\"}"));
        }
        prune(room, later--);
        await().atMost(20, SECONDS)
                .untilAsserted(() -> assertThat(bodiesWith("slip")).isZero());
        int shard = Partitions.of(room.value(), RunningRoomServer.SHARDS);
        await().atMost(20, SECONDS)
                .untilAsserted(
                        () -> assertThat(server.numbers("SELECT count(*) FROM room.unpruned WHERE shard = " + shard))
                                .containsExactly(0L));
        long seq = server.queries().committed(shard).seq();
        prune(room, later--);
        assertThat(server.queries().committed(shard).seq()).isEqualTo(seq);
        assertThat(new String(
                        server.queries()
                                .events(room, RoomPlace.BEGINNING, RoomPlace.END, true, 1)
                                .events()
                                .getFirst()
                                .event()
                                .body(),
                        UTF_8))
                .contains(EventTypes.REDACTION);
    }
}
