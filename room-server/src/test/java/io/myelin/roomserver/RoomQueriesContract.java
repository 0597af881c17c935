package io.myelin.roomserver;

import static io.myelin.roomserver.TestShard.ALICE;
import static io.myelin.roomserver.TestShard.BOB;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.myelin.contracts.room.BundleQuery;
import io.myelin.contracts.room.BundledEvents;
import io.myelin.contracts.room.BundledEvents.ThreadSize;
import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.RelatedQuery;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomCommand;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomQueries.StateSince;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.RoomQueries.Wanted;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.PduBytes;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What {@link RoomQueries} answer about commands that were answered, in this process and over HTTP. */
abstract class RoomQueriesContract {
    private static final AtomicInteger ALIASES = new AtomicInteger();
    private final RunningRoomServer server;

    RoomQueriesContract(RunningRoomServer server) {
        this.server = server;
    }

    abstract RoomQueries queries();

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
    void smallRoomsComeTogether() {
        RoomId room = server.create(server.aRoom().name("Pub").published());
        server.redact(room, server.send(room, EventTypes.MESSAGE, null, "{\"body\":\"one\"}"));
        server.send(room, EventTypes.NAME, "", "{\"name\":\"Bar\"}");
        RoomId missing = new RoomId("!no:example.org");
        var alone = queries().room(room, 3).orElseThrow();

        var together = queries().smallRooms(alone.shard(), List.of(missing, room), 3);
        assertThat(together).hasSize(1);
        var snapshot = together.getFirst();
        assertThat(snapshot.room()).isEqualTo(room);
        assertThat(snapshot.published()).isTrue();
        assertThat(snapshot.complete()).isFalse();
        assertThat(snapshot.timeline()).containsExactly(alone.timeline());
        assertThat(snapshot.state()).containsExactlyInAnyOrder(alone.state());
        assertThat(snapshot.stateBytes()).isEqualTo(alone.stateBytes());
        assertThat(snapshot.incarnation()).isEqualTo(alone.incarnation());
        assertThat(snapshot.asOf()).isEqualTo(alone.asOf());
        assertThat(ids(snapshot.events())).containsExactlyInAnyOrderElementsOf(ids(alone.events()));
        assertThat(snapshot.events())
                .anyMatch(stored -> stored.redactedBecause() != null)
                .anyMatch(stored -> stored.prevContent() != null);
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

    static StoredEvent newest(List<StateSince> history) {
        return requireNonNull(history.getLast().event());
    }

    private static String name(List<StoredEvent> state) {
        assertThat(state).hasSize(1);
        return new String(PduBytes.content(state.getFirst().event().body()), UTF_8);
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

    private static String relatingTo(EventId target, String relType) {
        return "{\"body\":\"about \\u0000"
                + " it\",\"m.new_content\":{\"m.relates_to\":{\"event_id\":\"$other\"}},\"m.relates_to\":{\"Custom\":1,\"event_id\":\""
                + target.value() + "\",\"key\":\"k\",\"rel_type\":\"" + relType + "\"},\"z\":\"ß\"}";
    }

    private BundledEvents bundled(RoomId room, EventId target, UserId... ignored) {
        return queries().bundled(room, new BundleQuery(List.of(target), ALICE, List.of(ignored), Long.MAX_VALUE));
    }

    private static List<EventId> ids(List<StoredEvent> events) {
        return events.stream().map(stored -> stored.event().id()).toList();
    }

    @Test
    void threadsAreSummedUp() {
        RoomId room = server.create(server.aRoom());
        EventId root = server.send(room, EventTypes.MESSAGE, null, "{}");
        for (int i = 0; i < 4; i++) {
            server.send(room, EventTypes.MESSAGE, null, relatingTo(root, "m.thread"));
        }
        EventId newest = server.send(room, EventTypes.MESSAGE, null, relatingTo(root, "m.thread"));
        EventId edit = server.send(room, EventTypes.MESSAGE, null, editOf(newest.value()));
        server.redact(room, server.send(room, EventTypes.MESSAGE, null, relatingTo(root, "m.thread")));

        BundledEvents found = bundled(room, root);
        assertThat(found.threads()).containsExactly(new ThreadSize(root, 5, true));
        assertThat(ids(found.events())).hasSize(4).contains(newest, edit);
        assertThat(bundled(room, root, ALICE).threads()).isEmpty();
    }

    @Test
    void whatTheViewerDoesNotSeeIsNotCounted() {
        RoomId room = server.create(server.aRoom());
        EventId root = server.send(room, EventTypes.MESSAGE, null, "{}");
        EventId seen = server.send(room, EventTypes.MESSAGE, null, relatingTo(root, "m.thread"));
        EventId unseen = server.send(room, EventTypes.MESSAGE, null, relatingTo(root, "m.thread"));
        long number = queries().event(room, unseen).orElseThrow().seq();
        var hidden = List.of(new BundleQuery.Hidden(number, Long.MAX_VALUE));
        var query = new BundleQuery(List.of(root), ALICE, List.of(), Long.MAX_VALUE, hidden);
        assertThat(queries().bundled(room, query).threads()).containsExactly(new ThreadSize(root, 1, true));
        assertThat(ids(queries().bundled(room, query).events())).containsExactly(seen);
    }

    @Test
    void referencesAreFound() {
        RoomId room = server.create(server.aRoom());
        EventId poll = server.send(room, EventTypes.MESSAGE, null, "{}");
        EventId yes = server.send(room, EventTypes.MESSAGE, null, relatingTo(poll, "m.reference"));
        server.send(room, "m.reaction", null, relatingTo(poll, "m.annotation"));
        assertThat(ids(bundled(room, poll).events())).containsExactly(yes);
        assertThat(bundled(room, poll).threads()).isEmpty();
    }

    @Test
    void whatRelatesComesPageByPage() {
        RoomId room = server.create(server.aRoom());
        EventId root = server.send(room, EventTypes.MESSAGE, null, "{}");
        EventId one = server.send(room, EventTypes.MESSAGE, null, relatingTo(root, "m.thread"));
        EventId two = server.send(room, "m.reaction", null, relatingTo(root, "m.annotation"));
        EventId three = server.send(room, "m.reaction", null, relatingTo(one, "m.annotation"));

        var page = queries().related(room, related(root, null, null, 1, true, 1));
        assertThat(ids(page.events())).containsExactly(two);
        assertThat(page.end()).isFalse();
        var all = queries().related(room, related(root, null, null, 3, false, 10));
        assertThat(ids(all.events())).containsExactly(one, two, three);
        assertThat(all.end()).isTrue();
        assertThat(ids(queries()
                        .related(room, related(root, "m.annotation", null, 3, true, 10))
                        .events()))
                .containsExactly(three, two);
        assertThat(ids(queries()
                        .related(room, related(root, null, EventTypes.MESSAGE, 3, true, 10))
                        .events()))
                .containsExactly(one);
        assertThat(ids(queries()
                        .related(room, related(root, "no\"\u0000such", null, 1, true, 10))
                        .events()))
                .isEmpty();
    }

    private static RelatedQuery related(
            EventId target, @Nullable String relType, @Nullable String type, int depth, boolean backward, int limit) {
        return new RelatedQuery(target, relType, type, depth, RoomPlace.BEGINNING, RoomPlace.END, backward, limit);
    }

    @Test
    void threadsStandInTheOrderOfTheirNewestEvents() {
        RoomId room = server.create(server.aRoom());
        EventId one = server.send(room, EventTypes.MESSAGE, null, "{\"body\":\"one\"}");
        EventId two = server.send(room, EventTypes.MESSAGE, null, "{\"body\":\"two\"}");
        server.send(room, EventTypes.MESSAGE, null, relatingTo(one, "m.thread"));
        server.send(room, EventTypes.MESSAGE, null, relatingTo(two, "m.thread"));
        server.send(room, EventTypes.MESSAGE, null, relatingTo(one, "m.thread"));

        var page = queries().threads(room, RoomPlace.END, 1);
        assertThat(ids(page.roots())).containsExactly(one);
        assertThat(page.end()).isFalse();
        var rest = queries().threads(room, page.next(), 5);
        assertThat(ids(rest.roots())).containsExactly(two);
        assertThat(rest.end()).isTrue();
    }

    @Test
    void editsAreFoundByWhatTheyEdit() {
        RoomId room = server.create(server.aRoom());
        EventId message = server.send(room, EventTypes.MESSAGE, null, "{\"body\":\"helo\"}");
        EventId other = server.send(room, EventTypes.MESSAGE, null, "{\"body\":\"unedited\"}");
        EventId kept = server.send(room, EventTypes.MESSAGE, null, editOf(message.value()));
        server.redact(room, server.send(room, EventTypes.MESSAGE, null, editOf(message.value())));
        server.trySend(room, EventTypes.MESSAGE, null, editOf("$of-something-else"));
        assertThat(queries().edits(room, List.of(message, other, new EventId("$no-hash"))))
                .extracting(edit -> edit.event().id())
                .containsExactly(kept);
    }

    static String editOf(String event) {
        return "{\"m.new_content\":{},\"m.relates_to\":{\"rel_type\":\"m.replace\",\"event_id\":\"" + event + "\"}}";
    }

    @Test
    void membershipsAreKnownByUser() {
        RoomId room = server.create(server.aRoom());
        server.join(room);
        assertThat(queries().joinedMembers(room)).isEqualTo(2);
        assertThat(userRoom(queries(), room).membership()).isEqualTo("join");
        TestShard.sent(server.execute(
                room.value(),
                RoomCommand.ChangeMembership.of(
                        room, new Requester(BOB, null, null), MembershipAction.LEAVE, BOB, null, null, null)));
        server.execute(room.value(), new RoomCommand.ForgetRoom(room, BOB));
        assertThat(userRoom(queries(), room).membership()).isEqualTo("leave");
        assertThat(userRoom(queries(), room).forgotten()).isTrue();
        server.join(room);
        assertThat(userRoom(queries(), room).forgotten()).isFalse();
        assertThat(userRoom(queries(), room).newestSeq())
                .isEqualTo(userRoom(queries(), room).seq());
    }

    static RoomQueries.UserRoom userRoom(RoomQueries queries, RoomId room) {
        return queries.roomsOf(BOB).rooms().stream()
                .filter(candidate -> candidate.room().equals(room))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aliasesFollowTheirRoomAcrossShards() {
        RoomAlias alias = new RoomAlias("#pub" + ALIASES.incrementAndGet() + ":example.org");
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
}
