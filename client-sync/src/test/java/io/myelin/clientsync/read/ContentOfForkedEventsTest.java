package io.myelin.clientsync.read;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.BOB;
import static io.myelin.clientsync.fixture.Server.CAROL;
import static io.myelin.clientsync.fixture.Server.session;
import static io.myelin.clientsync.fixture.SyncingClient.objects;
import static io.myelin.clientsync.fixture.SyncingClient.timelineIds;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientsync.fixture.Fork;
import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.clientsync.fixture.SyncingClient;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.json.JsonObject;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What events on a fork come with: state, what they replaced, and what their reader was when they were sent. */
class ContentOfForkedEventsTest {
    private final Server server = new Server();
    private final Room kitchen = server.room("kitchen");
    private final RoomReads reads = new RoomReads(server, kitchen);
    private final SyncingClient bob = server.client(BOB);

    @BeforeEach
    void bobIsOnline() {
        bob.sync();
    }

    @Test
    void sayWhatTheirReaderWasThen() {
        EventId joined = kitchen.join(BOB);
        Fork fork = kitchen.forkAfter(joined);
        EventId banned = fork.member(ALICE, BOB, "ban");
        EventId said = fork.say(ALICE, "without Bob");

        for (EventId event : List.of(banned, said)) {
            assertThat(RoomReads.json(server.events.event(session(BOB), kitchen.id(), event))
                            .object("unsigned")
                            .flatMap(unsigned -> unsigned.string("membership")))
                    .contains("ban");
        }
        assertThat(reads.messages(BOB).toString()).contains("\"membership\":\"ban\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"world_readable", "shared", "joined"})
    void tellMembersWhatTheyReplaced(String setting) {
        kitchen.visibility(setting);
        kitchen.join(BOB);
        EventId here = kitchen.state(ALICE, "m.room.topic", "", "{\"topic\":\"before\"}");
        bob.sync();
        EventId there = kitchen.forkAfter(here).state(ALICE, "m.room.topic", "", "{\"topic\":\"there\"}");

        JsonObject told = SyncingClient.room(bob.sync(), "join", kitchen.id());
        List<JsonObject> timeline = SyncingClient.events(told, "timeline");
        assertThat(SyncingClient.ids(timeline)).containsExactly(there.value());
        JsonObject unsigned = timeline.getFirst().object("unsigned").orElseThrow();
        assertThat(unsigned.object("prev_content")).contains(JsonObject.of("topic", "before"));
        assertThat(unsigned.string("membership")).contains("join");
    }

    @Test
    void comeWithTheStateAsItWasThere() {
        EventId here = kitchen.state(ALICE, "m.room.topic", "", "{\"topic\":\"here\"}");
        Fork fork = kitchen.forkAfter(here);
        EventId there = fork.state(ALICE, "m.room.topic", "", "{\"topic\":\"there\"}");
        EventId said = fork.say(ALICE, "on the fork");
        EventId aside = kitchen.aside(ALICE, "m.room.topic", "", "{\"topic\":\"aside\"}");
        EventId now = kitchen.say(ALICE, "now");

        assertThat(topicAt(here)).isEqualTo(here.value());
        assertThat(topicAt(there)).isEqualTo(there.value());
        assertThat(topicAt(said)).isEqualTo(there.value());
        assertThat(topicAt(aside)).isEqualTo(aside.value());
        assertThat(topicAt(now)).isEqualTo(here.value());
    }

    private String topicAt(EventId event) {
        return objects(reads.context(ALICE, event, 0).array("state").orElseThrow()).stream()
                .filter(state -> state.string("type").orElse("").equals("m.room.topic"))
                .map(state -> state.string("event_id").orElseThrow())
                .collect(Collectors.joining());
    }

    @Test
    void comeWithTheStateOfTheHistoryThatTheyWereFoundIn() {
        EventId first = kitchen.state(ALICE, "m.room.topic", "", "{\"topic\":\"first\"}");
        kitchen.state(ALICE, "m.room.topic", "", "{\"topic\":\"second\"}");
        EventId now = kitchen.say(ALICE, "now");
        EventId found = kitchen.findHistory(now, first, ALICE, "long ago").getFirst();

        assertThat(topicAt(found)).isEqualTo(first.value());
    }

    @Test
    void costNoQuestionOnTheLineAndOneForAllOnAForkThatIsShared() {
        SyncingClient alice = server.client(ALICE);
        SyncingClient carol = server.client(CAROL);
        kitchen.join(BOB);
        kitchen.join(CAROL);
        alice.sync();
        bob.sync();
        carol.sync();
        int before = server.rooms.asked;
        kitchen.visibility("joined");
        kitchen.leave(CAROL);
        kitchen.join(CAROL);
        kitchen.visibility("shared");
        EventId here = kitchen.say(ALICE, "here");
        alice.sync();
        bob.sync();
        assertThat(server.rooms.asked).isEqualTo(before);

        EventId said = kitchen.forkAfter(here).say(ALICE, "on a fork");
        assertThat(timelineIds(alice.sync(), "join", kitchen)).containsExactly(said.value());
        assertThat(timelineIds(bob.sync(), "join", kitchen)).containsExactly(said.value());
        assertThat(timelineIds(carol.sync(), "join", kitchen)).contains(said.value());
        assertThat(server.rooms.asked).isEqualTo(before + 1);
    }
}
