package io.myelin.roomserver;

import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.BOB;
import static io.myelin.roomserver.TestShard.CAROL;
import static io.myelin.roomserver.TestShard.profile;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.myelin.contracts.Partitions;
import io.myelin.contracts.Position;
import io.myelin.contracts.account.Profile;
import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand;
import io.myelin.contracts.room.RoomContracts;
import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.RoomQueries.Wanted;
import io.myelin.engine.shard.TransactionKey;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.event.PduBytes;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.server.rpc.TwoProcesses;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The service on a real database and a real broker. */
class RoomServerIT {
    @AutoClose
    private static final RunningRoomServer server = new RunningRoomServer();

    private RoomQueries queries() {
        return server.queries();
    }

    @Nested
    class QueriesInTheSameProcess extends RoomQueriesContract {
        QueriesInTheSameProcess() {
            super(server);
        }

        @Override
        RoomQueries queries() {
            return server.queries();
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class QueriesOverHttp extends RoomQueriesContract {
        @AutoClose
        private final TwoProcesses processes = TwoProcesses.serving(RoomContracts.QUERIES, server.queries());

        private final RoomQueries queries = processes.proxy(RoomContracts.QUERIES);

        QueriesOverHttp() {
            super(server);
        }

        @Override
        RoomQueries queries() {
            return queries;
        }
    }

    private String membership(RoomId room, UserId user) {
        return queries().stateAt(room, Long.MAX_VALUE, List.of(new Wanted(EventTypes.MEMBER, user.value()))).stream()
                .map(member -> new String(PduBytes.content(member.event().body()), UTF_8))
                .findAny()
                .orElse("");
    }

    private static RoomCommand.ChangeMembership change(
            RoomId room, UserId by, MembershipAction action, UserId target, String content) {
        return RoomCommand.ChangeMembership.of(
                room, new Requester(by, null, null), action, target, null, null, content.getBytes(UTF_8));
    }

    @Test
    void guestsAreMadeToLeaveWhenTheyAreLetInNoMore() {
        RoomId room = server.create(server.aRoom()
                .preset("public_chat")
                .initially(EventTypes.GUEST_ACCESS, "{\"guest_access\":\"can_join\"}"));
        server.execute(room.value(), change(room, BOB, MembershipAction.JOIN, BOB, "{\"kind\":\"guest\"}"));
        server.execute(room.value(), change(room, CAROL, MembershipAction.JOIN, CAROL, "{}"));
        server.send(room, EventTypes.GUEST_ACCESS, "", "{\"guest_access\":\"forbidden\"}");
        await().untilAsserted(() -> assertThat(membership(room, BOB)).contains("leave"));
        assertThat(membership(room, CAROL)).contains("join");
    }

    @Test
    void whoseAccountIsClosedRejectsInvitations() {
        RoomId room = server.create(server.aRoom());
        UserId dave = new UserId("@dave:example.org");
        server.execute(room.value(), change(room, ALICE, MembershipAction.INVITE, dave, "{}"));
        int shard = Partitions.of(room.value(), RunningRoomServer.SHARDS);
        Profile closed = new Profile(dave, new Position(0, 1, 5), null, null, Map.of(), true);
        server.execute(shard, dave.value(), new RoomCommand.ApplyProfile(shard, closed, null));
        await().untilAsserted(() -> assertThat(membership(room, dave)).contains("leave"));
    }

    @Test
    void whatIsReplayedIsWhatWasPublished() {
        RoomId room = server.create(server.aRoom().name("Pub").topic("Beer").published());
        server.join(room);
        server.redact(room, server.send(room, EventTypes.MESSAGE, null, "{\"body\":\"ünï\\u0000\\\"\"}"));
        Profile renamed = profile(BOB, 7, "Robert");
        int shard = Partitions.of(room.value(), RunningRoomServer.SHARDS);
        assertThat(server.execute(shard, BOB.value(), new RoomCommand.ApplyProfile(shard, renamed, null)))
                .isInstanceOf(RoomAnswer.ProfileApplied.class);
        server.execute(room.value(), new RoomCommand.RefreshMember(room, renamed));
        server.assertThatReplayIsWhatWasPublished();
        assertThat(server.replayed(shard))
                .extracting(fact -> (Object) fact.fact().getClass())
                .contains(
                        RoomFact.RoomEvent.class,
                        RoomFact.ProfileNoted.class,
                        RoomFact.DirectoryVisibilityChanged.class);
    }

    /**
     * The size includes rows, indexes, the log and kept answers. Half of it is the body, whose hashes and signature are
     * random.
     */
    @Test
    void anEventCostsLittleRoom() throws Exception {
        RoomId room = server.create(server.aRoom());
        int messages = 3_000;
        long before = databaseSize();
        List<CompletableFuture<byte[]>> answers = new ArrayList<>();
        for (int i = 0; i < messages; i++) {
            RoomCommand command = new RoomCommand.SendEvent(
                    room,
                    new Requester(ALICE, "ABCDEFGHIJ", "m" + (1_700_000_000_000L + i)),
                    EventTypes.MESSAGE,
                    null,
                    ("{\"msgtype\":\"m.text\",\"body\":\"Is anybody out there? " + i + "\"}").getBytes(UTF_8),
                    null,
                    null,
                    null);
            answers.add(server.send(
                    Partitions.of(room.value(), RunningRoomServer.SHARDS),
                    room.value(),
                    new TransactionKey(i * 0x9E3779B97F4A7C15L, i),
                    command));
            if (answers.size() == 500) {
                answers.forEach(CompletableFuture::join);
                answers.clear();
            }
        }
        answers.forEach(CompletableFuture::join);
        assertThat((databaseSize() - before) / messages).isLessThan(1_600);
    }

    /** The size of the database without rows that rolled-back transactions left. */
    private long databaseSize() throws SQLException {
        try (var connection =
                        DriverManager.getConnection(server.login.url(), server.login.user(), server.login.password());
                var statement = connection.createStatement()) {
            statement.execute("VACUUM FULL");
            try (var row = statement.executeQuery(
                    "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n"
                            + " ON n.oid = c.relnamespace WHERE n.nspname = 'room' AND c.relkind = 'r'")) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    @Test
    void aRestartedServerGoesOnWhereItWas() throws Exception {
        RoomId room = server.create(server.aRoom().name("Pub"));
        server.join(room);
        EventId name = server.send(room, EventTypes.NAME, "", "{\"name\":\"Rude\"}");
        server.redact(room, name);
        server.restart();
        EventId next = server.send(room, EventTypes.MESSAGE, null, "{\"body\":\"still here\"}");
        var events = queries()
                .events(room, RoomPlace.BEGINNING, RoomPlace.END, true, 2)
                .events();
        assertThat(events.getFirst().event().id()).isEqualTo(next);
        assertThat(new String(events.getFirst().event().body(), UTF_8))
                .contains(events.getLast().event().id().value());
        EventId again = server.send(room, EventTypes.NAME, "", "{\"name\":\"Rude\"}");
        assertThat(again).isNotEqualTo(name);
    }

    /** A room with something of everything in it. */
    private record Lived(
            RoomVersion version, RoomId id, EventId message, EventId edit, EventId rude, EventId redaction) {}

    private Lived live(RoomVersion version) {
        RoomId room = server.create(server.aRoom().version(version).name("Pub"));
        server.join(room);
        EventId message = server.send(room, EventTypes.MESSAGE, null, "{\"body\":\"helo\"}");
        EventId edit = server.send(room, EventTypes.MESSAGE, null, RoomQueriesContract.editOf(message.value()));
        EventId rude = server.send(room, EventTypes.NAME, "", "{\"name\":\"Rude\"}");
        return new Lived(version, room, message, edit, rude, server.redact(room, rude));
    }

    @Test
    void roomsOfEveryVersionGoOnAfterARestart() throws Exception {
        List<Lived> rooms = RoomVersions.supported().stream().map(this::live).toList();
        server.restart();
        for (Lived room : rooms) {
            server.send(room.id(), EventTypes.NAME, "", "{\"name\":\"Polite\"}");
            isReadBack(room);
            isOneChain(room);
            redactsItsOwnOnly(room);
        }
        server.assertThatReplayIsWhatWasPublished();
    }

    private void isReadBack(Lived room) {
        assertThat(queries().edits(room.id(), List.of(room.message())))
                .extracting(edit -> edit.event().id())
                .containsExactly(room.edit());
        StoredEvent rude = queries().event(room.id(), room.rude()).orElseThrow();
        assertThat(requireNonNull(rude.redactedBecause()).id()).isEqualTo(room.redaction());
        assertThat(PduBytes.content(rude.event().body())).asString(UTF_8).isEqualTo("{}");
        assertThat(RoomQueriesContract.newest(queries().stateHistory(room.id(), EventTypes.NAME, ""))
                        .prevContent())
                .asString(UTF_8)
                .isEqualTo("{}");
        assertThat(queries().joinedMembers(room.id())).isEqualTo(2);
        assertThat(RoomQueriesContract.userRoom(queries(), room.id()).event())
                .isEqualTo(queries()
                        .stateAt(room.id(), Long.MAX_VALUE, List.of(new Wanted(EventTypes.MEMBER, BOB.value())))
                        .getFirst()
                        .event()
                        .id());
    }

    private void isOneChain(Lived room) {
        EventId before = null;
        for (StoredEvent stored : queries()
                .events(room.id(), RoomPlace.BEGINNING, RoomPlace.END, false, 100)
                .events()) {
            Pdu pdu = Pdu.parse(room.version(), stored.event().body());
            assertThat(pdu.eventId()).isEqualTo(stored.event().id());
            assertThat(pdu.prevEvents()).isEqualTo(before == null ? List.of() : List.of(before));
            before = pdu.eventId();
        }
    }

    /** An event is redacted by its ID as the room's version writes it, and by no other ID. */
    private void redactsItsOwnOnly(Lived room) {
        for (StoredEvent stored : queries()
                .events(room.id(), RoomPlace.BEGINNING, RoomPlace.END, false, 100)
                .events()) {
            String id = stored.event().id().value();
            for (String other : List.of(inOtherAlphabet(id), id + ":example.org", "$", "")) {
                if (!other.equals(id)) {
                    assertThat(queries().event(room.id(), new EventId(other))).isEmpty();
                    assertThat(queries().edits(room.id(), List.of(new EventId(other))))
                            .isEmpty();
                    assertThat(TestShard.refused(server.tryToRedact(room.id(), new EventId(other)))
                                    .status())
                            .isBetween(400, 404);
                }
            }
        }
        server.redact(room.id(), room.message());
        assertThat(queries().event(room.id(), room.message()).orElseThrow().redactedBecause())
                .isNotNull();
    }

    private static String inOtherAlphabet(String id) {
        String standard = id.replace('-', '+').replace('_', '/');
        return standard.equals(id) ? id.replace('+', '-').replace('/', '_') : standard;
    }
}
