package io.myelin.roomserver;

import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.BOB;
import static io.myelin.roomserver.TestShard.CAROL;
import static io.myelin.roomserver.TestShard.profile;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.myelin.contracts.Partitions;
import io.myelin.contracts.Position;
import io.myelin.contracts.account.Profile;
import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand;
import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomQueries.StateSince;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.RoomQueries.Wanted;
import io.myelin.engine.shard.TransactionKey;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.event.PduBytes;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The service on a real database and a real broker. */
class RoomServerIT {

    @AutoClose
    private static final RunningRoomServer server = new RunningRoomServer();

    private RoomQueries queries() {
        return server.queries();
    }

    @Test
    void aSnapshotHasStateAndTimeline() {
        RoomId room = server.create(server.aRoom().name("Pub").published());
        server.send(room, EventTypes.MESSAGE, null, "{\"body\":\"one\"}");
        EventId two = server.send(room, EventTypes.MESSAGE, null, "{\"body\":\"two\"}");
        var snapshot = queries().room(room, 2).orElseThrow();
        assertThat(snapshot.state()).hasSize(7);
        List<StoredEvent> timeline = Snapshots.timeline(queries(), room, 2);
        assertThat(timeline).hasSize(2);
        assertThat(timeline.getLast().event().id()).isEqualTo(two);
        assertThat(snapshot.complete()).isFalse();
        assertThat(snapshot.published()).isTrue();
        assertThat(snapshot.asOf())
                .isEqualTo(queries().committed(snapshot.shard()).seq());
        assertThat(queries().room(room, 100).orElseThrow().complete()).isTrue();
        assertThat(queries().room(new RoomId("!no:example.org"), 1)).isEmpty();
    }

    @Test
    void pagesGoBothWaysWithoutOverlap() {
        RoomId room = server.create(server.aRoom());
        for (int i = 0; i < 10; i++) {
            server.send(room, EventTypes.MESSAGE, null, "{\"body\":\"" + i + "\"}");
        }
        var backward = queries().events(room, RoomPlace.BEGINNING, RoomPlace.END, true, 4);
        assertThat(backward.events()).hasSize(4).isSortedAccordingTo((a, b) -> Long.compare(b.seq(), a.seq()));
        assertThat(backward.end()).isFalse();
        long oldest = backward.events().getLast().seq();
        var forward = queries().events(room, RoomPlace.live(oldest - 1), RoomPlace.END, false, 100);
        assertThat(forward.events().reversed())
                .isEqualTo(backward.events().stream()
                        .map(event -> forward.events().stream()
                                .filter(other -> other.seq() == event.seq())
                                .findFirst()
                                .orElseThrow())
                        .toList());
        assertThat(forward.end()).isTrue();
        assertThat(queries()
                        .events(room, RoomPlace.BEGINNING, RoomPlace.live(oldest), true, 100)
                        .end())
                .isTrue();
    }

    @Test
    void stateIsToldAsItWasAndAsItIs() {
        RoomId room = server.create(server.aRoom());
        EventId first = server.send(room, EventTypes.NAME, "", "{\"name\":\"One\"}");
        server.send(room, EventTypes.NAME, "", "{\"name\":\"Two\"}");
        long then = queries().event(room, first).orElseThrow().seq();
        assertThat(name(queries().stateAt(room, then, List.of(new Wanted(EventTypes.NAME, "")))))
                .isEqualTo("{\"name\":\"One\"}");
        assertThat(name(queries().stateAt(room, Long.MAX_VALUE, List.of(new Wanted(EventTypes.NAME, null)))))
                .isEqualTo("{\"name\":\"Two\"}");
        assertThat(Snapshots.state(queries(), room, then - 1)).hasSize(6);
        List<StateSince> history = queries().stateHistory(room, EventTypes.NAME, "");
        assertThat(history)
                .hasSize(2)
                .allMatch(since -> since.seq() == requireNonNull(since.event()).seq());
        assertThat(new String(requireNonNull(newest(history).prevContent()), UTF_8))
                .isEqualTo("{\"name\":\"One\"}");
    }

    /** A state history has only the fields that decide who may see an event, not whole large events. */
    @Test
    void aHistoryTellsOnlyWhatDecidesWhoMaySee() {
        RoomId room = server.create(server.aRoom());
        String large = "x".repeat(20_000);
        server.send(
                room,
                EventTypes.HISTORY_VISIBILITY,
                "",
                "{\"history_visibility\":\"joined\",\"large\":\"" + large + "\"}");

        assertThat(content(newest(queries().stateHistory(room, EventTypes.HISTORY_VISIBILITY, ""))))
                .isEqualTo("{\"history_visibility\":\"joined\"}");
    }

    /** 60 events of 60 KB are more than an answer holds, whatever the limit. */
    @Test
    void manyLargeEventsComeInPages() {
        RoomId room = server.create(server.aRoom());
        String large = "x".repeat(60_000);
        Set<EventId> sent = new HashSet<>();
        for (int i = 0; i < 60; i++) {
            sent.add(server.send(room, "org.big", "k" + i, "{\"a\":\"" + large + "\"}"));
        }

        var snapshot = queries().room(room, 100).orElseThrow();
        assertThat(snapshot.stateBytes()).isBetween(60L * 60_000, 60L * 63_000);
        assertIsAPage(queries().numbered(room, snapshot.state()).events());
        assertIsAPage(queries().numbered(room, snapshot.timeline()).events());
        assertIsAPage(queries()
                .events(room, RoomPlace.BEGINNING, RoomPlace.END, true, 1_000)
                .events());
        assertThat(Snapshots.state(queries(), room, snapshot.asOf()))
                .hasSize(snapshot.state().length)
                .extracting(stored -> stored.event().id())
                .containsAll(sent);
        assertThat(Snapshots.timeline(queries(), room, 60))
                .isSortedAccordingTo(Comparator.comparingLong(StoredEvent::seq))
                .hasSize(60);
    }

    private static void assertIsAPage(List<StoredEvent> events) {
        assertThat(events).isNotEmpty();
        assertThat(events.stream()
                        .mapToLong(stored -> stored.event().body().length)
                        .sum())
                .isLessThanOrEqualTo(RoomQueries.PAGE_BYTES);
    }

    private static String content(StoredEvent stored) {
        return new String(PduBytes.content(stored.event().body()), UTF_8);
    }

    private static StoredEvent newest(List<StateSince> history) {
        return requireNonNull(history.getLast().event());
    }

    private static String name(List<StoredEvent> state) {
        assertThat(state).hasSize(1);
        return new String(PduBytes.content(state.getFirst().event().body()), UTF_8);
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
    void redactedEventsComeOutPruned() {
        RoomId room = server.create(server.aRoom());
        EventId message = server.send(room, EventTypes.MESSAGE, null, "{\"body\":\"oops\"}");
        EventId redaction = server.redact(room, message);
        server.redact(room, message);
        StoredEvent stored = queries().event(room, message).orElseThrow();
        assertThat(new String(stored.event().body(), UTF_8))
                .doesNotContain("oops")
                .contains("\"content\":{}");
        assertThat(requireNonNull(stored.redactedBecause()).id()).isEqualTo(redaction);
        EventId name = server.send(room, EventTypes.NAME, "", "{\"name\":\"Rude\"}");
        server.redact(room, name);
        server.send(room, EventTypes.NAME, "", "{\"name\":\"Polite\"}");
        assertThat(newest(queries().stateHistory(room, EventTypes.NAME, "")).prevContent())
                .asString(UTF_8)
                .isEqualTo("{}");
    }

    @Test
    void redactedRedactionsComeOutPrunedWithWhatTheyRedacted() {
        RoomId room = server.create(server.aRoom());
        EventId message = server.send(room, EventTypes.MESSAGE, null, "{\"body\":\"oops\"}");
        EventId redaction = server.redact(room, message, "an insult");
        assertThat(reason(room, message)).contains("an insult");

        server.redact(room, redaction);

        assertThat(reason(room, message)).contains(message.value()).doesNotContain("an insult");
    }

    private String reason(RoomId room, EventId redacted) {
        StoredEvent stored = queries().event(room, redacted).orElseThrow();
        return new String(requireNonNull(stored.redactedBecause()).body(), UTF_8);
    }

    @Test
    void editsAreFoundByWhatTheyEdit() {
        RoomId room = server.create(server.aRoom());
        EventId message = server.send(room, EventTypes.MESSAGE, null, "{\"body\":\"helo\"}");
        EventId other = server.send(room, EventTypes.MESSAGE, null, "{\"body\":\"unedited\"}");
        EventId kept = server.send(room, EventTypes.MESSAGE, null, editOf(message.value()));
        server.redact(room, server.send(room, EventTypes.MESSAGE, null, editOf(message.value())));
        server.send(room, EventTypes.MESSAGE, null, editOf("$of-something-else"));
        assertThat(queries().edits(room, List.of(message, other, new EventId("$no-hash"))))
                .extracting(edit -> edit.event().id())
                .containsExactly(kept);
    }

    private static String editOf(String event) {
        return "{\"m.new_content\":{},\"m.relates_to\":{\"rel_type\":\"m.replace\",\"event_id\":\"" + event + "\"}}";
    }

    @Test
    void membershipsAreKnownByUser() {
        RoomId room = server.create(server.aRoom());
        server.join(room);
        assertThat(queries().joinedMembers(room)).isEqualTo(2);
        assertThat(userRoom(room).membership()).isEqualTo("join");
        TestShard.sent(server.execute(
                room.value(),
                RoomCommand.ChangeMembership.of(
                        room, new Requester(BOB, null, null), MembershipAction.LEAVE, BOB, null, null, null)));
        server.execute(room.value(), new RoomCommand.ForgetRoom(room, BOB));
        assertThat(userRoom(room).membership()).isEqualTo("leave");
        assertThat(userRoom(room).forgotten()).isTrue();
        server.join(room);
        assertThat(userRoom(room).forgotten()).isFalse();
        assertThat(userRoom(room).newestSeq()).isEqualTo(userRoom(room).seq());
    }

    private RoomQueries.UserRoom userRoom(RoomId room) {
        return queries().roomsOf(BOB).rooms().stream()
                .filter(candidate -> candidate.room().equals(room))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aliasesFollowTheirRoomAcrossShards() {
        RoomAlias alias = new RoomAlias("#pub:example.org");
        RoomCommand.CreateRoom command =
                server.aRoom().alias(alias.value()).published().command();
        server.execute(
                alias.value(),
                new RoomCommand.ClaimAlias(alias, command.room(), ALICE, false, System.currentTimeMillis() + 60_000));
        assertThat(queries().roomOf(alias)).isEmpty();
        assertThat(server.execute(command.room().value(), command)).isInstanceOf(RoomAnswer.Done.class);
        await().atMost(60, SECONDS)
                .untilAsserted(() -> assertThat(queries().roomOf(alias)).contains(command.room()));
        assertThat(queries().creatorOf(alias)).contains(ALICE);
        assertThat(queries().aliasesOf(command.room())).containsExactly(alias);
        assertThat(queries().publishedRooms(null, 100)).contains(command.room());
        assertThat(queries().isPublished(command.room())).isTrue();
        server.execute(alias.value(), new RoomCommand.DeleteAlias(alias, ALICE, false));
        assertThat(queries().roomOf(alias)).isEmpty();
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
        EventId edit = server.send(room, EventTypes.MESSAGE, null, editOf(message.value()));
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
        assertThat(newest(queries().stateHistory(room.id(), EventTypes.NAME, ""))
                        .prevContent())
                .asString(UTF_8)
                .isEqualTo("{}");
        assertThat(queries().joinedMembers(room.id())).isEqualTo(2);
        assertThat(userRoom(room.id()).event())
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
