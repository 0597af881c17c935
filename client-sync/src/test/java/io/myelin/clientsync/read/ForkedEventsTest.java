package io.myelin.clientsync.read;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.BOB;
import static io.myelin.clientsync.fixture.Server.CAROL;
import static io.myelin.clientsync.fixture.Server.session;
import static io.myelin.clientsync.fixture.SyncingClient.timelineIds;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientsync.fixture.Fork;
import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.clientsync.fixture.SyncingClient;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Events on a fork, which follow an event that is not the room's newest: the state before them decides who sees them.
 */
class ForkedEventsTest {
    /** The reads in which a user may find an event. */
    private enum Reader {
        SYNC,
        FIRST_SYNC,
        FIRST_SYNC_OF_A_NEW_READER,
        MESSAGES,
        CONTEXT,
        EVENT
    }

    private static final Set<Reader> NOWHERE = EnumSet.noneOf(Reader.class);
    private static final Set<Reader> EVERYWHERE = EnumSet.allOf(Reader.class);

    private final Server server = new Server();
    private final Room kitchen = server.room("kitchen");
    private final RoomReads reads = new RoomReads(server, kitchen);
    private final SyncingClient bob = server.client(BOB);

    @BeforeEach
    void bobIsOnline() {
        bob.sync();
    }

    /** The events around an event that Bob sees. */
    private List<String> around(EventId event) {
        JsonObject context = reads.context(BOB, event, 100);
        List<String> before = RoomReads.ids(context, "events_before");
        List<String> after = RoomReads.ids(context, "events_after");
        return Stream.concat(before.stream(), after.stream()).toList();
    }

    /** @param seen an event that Bob sees, which is newer */
    private Set<Reader> whereBobSees(EventId event, EventId seen) {
        List<String> synced = timelineIds(bob.sync(), "join", kitchen);
        Set<Reader> where = EnumSet.noneOf(Reader.class);
        for (Reader reader : Reader.values()) {
            List<String> told = switch (reader) {
                case SYNC -> synced;
                case FIRST_SYNC -> timelineIds(server.client(BOB).sync(), "join", kitchen);
                case FIRST_SYNC_OF_A_NEW_READER -> {
                    server.restart(1);
                    yield timelineIds(server.client(BOB).sync(), "join", kitchen);
                }
                case MESSAGES -> RoomReads.ids(reads.messages(BOB), "chunk");
                case CONTEXT -> around(seen);
                case EVENT -> reads.findsAlone(BOB, event) ? List.of(event.value()) : List.of();
            };
            if (told.contains(event.value())) {
                where.add(reader);
            }
        }
        return where;
    }

    private static Set<Reader> allIf(boolean seen) {
        return seen ? EVERYWHERE : NOWHERE;
    }

    @ParameterizedTest(name = "{0}, {1} → {2}")
    @CsvSource({
        "world_readable, ban, true",
        "world_readable, leave, true",
        "shared, ban, true",
        "shared, leave, true",
        "invited, ban, false",
        "invited, leave, false",
        "joined, ban, false",
        "joined, leave, false",
    })
    void areSeenOrNotByWhomTheForkHasPutOut(String setting, String membership, boolean seen) {
        kitchen.visibility(setting);
        kitchen.join(BOB);
        EventId here = kitchen.say(ALICE, "here");
        bob.sync();
        Fork fork = kitchen.forkAfter(here);
        EventId out = fork.member(membership.equals("ban") ? ALICE : BOB, BOB, membership);
        EventId said = fork.say(ALICE, "without Bob");
        EventId now = kitchen.say(ALICE, "now");

        assertThat(whereBobSees(said, now)).isEqualTo(allIf(seen));
        bob.goBackTo(null);
        assertThat(timelineIds(bob.sync(), "join", kitchen)).contains(out.value(), now.value());
    }

    @ParameterizedTest(name = "{0}, {1} → {2}")
    @CsvSource({
        "world_readable, join, true",
        "shared, join, true",
        "invited, join, true",
        "joined, join, true",
        "shared, invite, true",
        "invited, invite, true",
        "joined, invite, false",
    })
    void areSeenOrNotByWhomTheForkHasLetIn(String setting, String membership, boolean seen) {
        kitchen.visibility(setting);
        EventId here = kitchen.say(ALICE, "here");
        Fork fork = kitchen.forkAfter(here);
        fork.member(membership.equals("invite") ? ALICE : BOB, BOB, membership);
        EventId said = fork.say(ALICE, "with Bob");
        kitchen.join(BOB);
        EventId now = kitchen.say(ALICE, "now");

        assertThat(whereBobSees(said, now)).isEqualTo(allIf(seen));
    }

    @ParameterizedTest(name = "{0} → {1}")
    @CsvSource({"world_readable, true", "shared, true", "invited, true", "joined, true"})
    void areSeenByWhoLeftButNotOnTheForkAndCameBack(String setting, boolean seen) {
        kitchen.visibility(setting);
        EventId joined = kitchen.join(BOB);
        kitchen.leave(BOB);
        EventId said = kitchen.forkAfter(joined).say(ALICE, "as if Bob had not left");
        kitchen.join(BOB);
        EventId now = kitchen.say(ALICE, "now");

        assertThat(whereBobSees(said, now)).isEqualTo(allIf(seen));
    }

    @ParameterizedTest(name = "{0}, on the fork {1} → {2}")
    @CsvSource({
        "joined, world_readable, true",
        "joined, shared, true",
        "joined, invited, false",
        "shared, joined, false",
        "shared, invited, false",
        "world_readable, joined, false",
        "invited, shared, true",
    })
    void areSeenAsTheForkHasIt(String setting, String onTheFork, boolean seen) {
        EventId here = kitchen.visibility(setting);
        Fork fork = kitchen.forkAfter(here);
        fork.visibility(onTheFork);
        EventId said = fork.say(ALICE, "before Bob came");
        kitchen.join(BOB);
        EventId now = kitchen.say(ALICE, "now");

        assertThat(whereBobSees(said, now)).isEqualTo(allIf(seen));
    }

    @Test
    void takeNoPlaceInALimitedTimelineThatTheyAreHiddenFrom() {
        kitchen.visibility("joined");
        EventId joined = kitchen.join(BOB);
        bob.sync();
        Fork fork = kitchen.forkAfter(joined);
        fork.member(ALICE, BOB, "ban");
        kitchen.say(ALICE, "one");
        EventId two = kitchen.say(ALICE, "two");
        EventId hidden = fork.say(ALICE, "without Bob");
        EventId three = kitchen.say(ALICE, "three");
        bob.filter("{\"room\":{\"timeline\":{\"limit\":2}}}");

        JsonObject told = SyncingClient.room(bob.sync(), "join", kitchen.id());
        assertThat(SyncingClient.ids(SyncingClient.events(told, "timeline")))
                .containsExactly(two.value(), three.value());
        assertThat(SyncingClient.in(told, "timeline", "limited")).isEqualTo(Json.of(true));
        assertThat(told.toString()).doesNotContain(hidden.value());
    }

    @Test
    void areNotToldToWhoIsPutOutWhereTheForkHadPutThemOutBefore() {
        kitchen.visibility("joined");
        EventId joined = kitchen.join(BOB);
        bob.sync();
        Fork fork = kitchen.forkAfter(joined);
        EventId banned = fork.member(ALICE, BOB, "ban");
        EventId hidden = fork.say(ALICE, "without Bob");
        EventId shown = kitchen.say(ALICE, "with Bob");
        EventId kicked = kitchen.member(ALICE, BOB, "leave");
        kitchen.forkAfter(joined).say(ALICE, "as if Bob were still there");

        assertThat(timelineIds(bob.sync(), "leave", kitchen))
                .containsExactly(banned.value(), shown.value(), kicked.value())
                .doesNotContain(hidden.value());
    }

    @Test
    void areSeenAsTheForkHadItLongAgo() {
        kitchen.visibility("joined");
        EventId joined = kitchen.join(BOB);
        Fork fork = kitchen.forkAfter(joined);
        fork.member(ALICE, BOB, "ban");
        EventId said = fork.say(ALICE, "without Bob");
        EventId seen = kitchen.forkAfter(joined).say(ALICE, "with Bob");
        for (int i = 0; i < 150; i++) {
            kitchen.say(ALICE, "message " + i);
        }

        assertThat(RoomReads.ids(reads.messages(BOB), "chunk"))
                .contains(seen.value())
                .doesNotContain(said.value());
        assertThat(reads.findsAlone(BOB, seen)).isTrue();
        assertThat(reads.findsAlone(BOB, said)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "invited", "joined"})
    void areNotSeenByWhoHadLeftBeforeTheyCame(String setting) {
        kitchen.visibility(setting);
        EventId joined = kitchen.join(BOB);
        kitchen.leave(BOB);
        EventId said = kitchen.forkAfter(joined).say(ALICE, "as if Bob had not left");
        assertThat(RoomReads.ids(reads.messages(BOB), "chunk")).doesNotContain(said.value());
        assertThat(reads.findsAlone(BOB, said)).isFalse();

        kitchen.invite(ALICE, BOB);
        assertThat(reads.findsAlone(BOB, said)).isFalse();
    }

    @Test
    void areSeenByAnybodyWhereTheForkIsWorldReadableAndByNobodyElseWhereItIsNot() {
        EventId here = kitchen.say(ALICE, "here");
        Fork open = kitchen.forkAfter(here);
        open.visibility("world_readable");
        EventId shown = open.say(ALICE, "for everybody");
        assertThat(reads.findsAlone(CAROL, shown)).isTrue();
        assertThat(reads.findsAlone(CAROL, here)).isFalse();

        kitchen.visibility("world_readable");
        EventId hidden = kitchen.forkAfter(here).say(ALICE, "for members");
        EventId now = kitchen.say(ALICE, "now");
        assertThat(reads.findsAlone(CAROL, hidden)).isFalse();
        assertThat(RoomReads.ids(reads.messages(CAROL), "chunk"))
                .contains(shown.value(), now.value())
                .doesNotContain(hidden.value());
    }

    @Test
    void areShownToNobodyOnceTheirRoomIsPurged() {
        EventId joined = kitchen.join(BOB);
        bob.sync();
        EventId said = kitchen.forkAfter(joined).say(ALICE, "on a fork");
        EventId now = kitchen.say(ALICE, "now");
        server.roomLog.pause();
        server.purge(kitchen.id());

        assertThat(timelineIds(bob.syncWithoutBarrier(), "join", kitchen))
                .contains(now.value())
                .doesNotContain(said.value());
        server.roomLog.resume();
    }

    @Test
    void doNotEditWhatTheyAreHiddenFrom() {
        kitchen.visibility("joined");
        kitchen.join(BOB);
        EventId said = kitchen.say(ALICE, "helo");
        Fork fork = kitchen.forkAfter(said);
        fork.member(ALICE, BOB, "ban");
        EventId edit = fork.edit(ALICE, said, "hello");

        assertThat(bob.sync().toString()).contains(said.value()).doesNotContain(edit.value());
        assertThat(new String(server.events.event(session(BOB), kitchen.id(), said), UTF_8))
                .doesNotContain(edit.value());
        assertThat(new String(server.events.event(session(ALICE), kitchen.id(), said), UTF_8))
                .contains(edit.value());
    }
}
