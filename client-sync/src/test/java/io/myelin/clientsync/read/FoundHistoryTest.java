package io.myelin.clientsync.read;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.BOB;
import static io.myelin.clientsync.fixture.Server.session;
import static io.myelin.clientsync.fixture.SyncingClient.ids;
import static io.myelin.clientsync.fixture.SyncingClient.objects;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.clientsync.filter.EventFilter;
import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.web.MatrixException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** History that was found later, and belongs before an event of the room. */
class FoundHistoryTest {
    private final Server server = new Server();
    private final Room kitchen = server.room("kitchen");
    private final EventId joined = kitchen.join(BOB);
    private final EventId before = kitchen.say(BOB, "before the gap");
    private final EventId after = kitchen.say(BOB, "after the gap");

    private JsonObject messages(UserId user, @Nullable String from, boolean backward, int limit) {
        var request = new Messages.Request(session(user), kitchen.id(), from, null, backward, limit, EventFilter.ALL);
        return JsonParser.parseObject(server.messages.read(request).toBytes());
    }

    private static List<String> chunk(JsonObject page) {
        return ids(objects(page.array("chunk").orElse(JsonArray.EMPTY)));
    }

    /** All that the user sees, page by page. */
    private List<String> paged(UserId user, boolean backward, int limit) {
        List<String> all = new ArrayList<>();
        String from = null;
        for (int pages = 0; pages < 100; pages++) {
            JsonObject page = messages(user, from, backward, limit);
            all.addAll(chunk(page));
            from = page.string("end").orElse(null);
            if (from == null || chunk(page).isEmpty()) {
                return all;
            }
        }
        throw new AssertionError("There is no end");
    }

    private List<String> everything() {
        return server.rooms.all(kitchen.id()).stream()
                .map(stored -> stored.event().id().value())
                .toList();
    }

    private static List<String> values(EventId... events) {
        return List.of(events).stream().map(EventId::value).toList();
    }

    @Test
    void standsWhereItBelongsInBothDirections() {
        List<EventId> found = kitchen.findHistory(after, joined, ALICE, "one", "two", "three");

        assertThat(everything()).containsSubsequence(values(before, found.get(0), found.get(1), found.get(2), after));
        for (int limit : List.of(1, 2, 3, 100)) {
            assertThat(paged(BOB, true, limit)).isEqualTo(everything().reversed());
            assertThat(paged(BOB, false, limit)).isEqualTo(everything());
        }
    }

    @Test
    void isThereForReadersThatHadTheRoomBeforeItWasFound() {
        assertThat(paged(BOB, true, 100)).hasSize(5);

        kitchen.findHistory(after, joined, ALICE, "one", "two");
        kitchen.findHistory(after, joined, ALICE, "zero");

        assertThat(paged(BOB, true, 100)).hasSize(8).isEqualTo(everything().reversed());
    }

    @Test
    void isShownAsARedactionThatWasHereBeforeLeftIt() {
        EventId redaction = kitchen.redactEarly(ALICE);
        paged(BOB, true, 100);

        EventId found = kitchen.findRedacted(after, joined, ALICE, redaction, "regretted");

        JsonObject page = messages(BOB, null, true, 100);
        assertThat(chunk(page)).contains(found.value());
        assertThat(page.toString()).doesNotContain("regretted").contains("redacted_because");
    }

    @Test
    void isNeverToldBySyncButByWhatComesBeforeItsTimeline() {
        var client = server.client(BOB);
        client.sync();
        kitchen.findHistory(after, joined, ALICE, "one");
        EventId next = kitchen.say(BOB, "next");

        JsonObject answer = client.sync();

        assertThat(answer.toString()).contains(next.value()).doesNotContain("$found");
        server.restart(1);
        JsonObject first = server.client(BOB).sync();
        assertThat(first.toString()).doesNotContain("$found");
    }

    @Test
    void comesBeforeTheTimelineOfTheEventThatItWasFoundBefore() {
        List<EventId> found = kitchen.findHistory(after, joined, ALICE, "one");
        JsonObject answer = server.client(BOB).sync();
        String prevBatch = prevBatch(answer);
        List<String> told = everything().stream()
                .filter(id -> answer.toString().contains("\"" + id + "\""))
                .toList();

        assertThat(told).doesNotContain(found.getFirst().value());
        // A room that was told whole is paged through from its end.
        assertThat(chunk(messages(BOB, prevBatch, true, 100)))
                .isEqualTo(everything().reversed());
    }

    private String prevBatch(JsonObject answer) {
        return answer.object("rooms")
                .flatMap(rooms -> rooms.object("join"))
                .flatMap(rooms -> rooms.object(kitchen.id().value()))
                .flatMap(room -> room.object("timeline"))
                .flatMap(timeline -> timeline.string("prev_batch"))
                .orElseThrow();
    }

    @Test
    void isReadAloneAndWithWhatStandsAroundIt() {
        List<EventId> found = kitchen.findHistory(after, joined, ALICE, "one", "two", "three");
        EventId two = found.get(1);

        assertThat(new String(server.events.event(session(BOB), kitchen.id(), two), UTF_8))
                .contains(two.value());
        JsonObject context = JsonParser.parseObject(server.events
                .context(session(BOB), kitchen.id(), two, 4, EventFilter.ALL)
                .toBytes());
        assertThat(ids(objects(context.array("events_before").orElseThrow()))).isEqualTo(values(found.get(0), before));
        assertThat(ids(objects(context.array("events_after").orElseThrow()))).isEqualTo(values(found.get(2), after));
        assertThat(chunk(messages(BOB, context.string("end").orElseThrow(), true, 5)))
                .isEqualTo(values(after, found.get(2), two, found.get(0), before));
        assertThat(chunk(messages(BOB, context.string("start").orElseThrow(), false, 5)))
                .isEqualTo(values(before, found.get(0), two, found.get(2), after));
    }

    @Test
    void isSeenByWhatTheRoomWasThenAndNotByWhatItIsAtItsPlace() {
        EventId hidden = kitchen.visibility("joined");
        EventId left = kitchen.leave(BOB);
        EventId shared = kitchen.visibility("shared");
        kitchen.join(BOB);
        EventId now = kitchen.say(BOB, "now");
        EventId unseen = kitchen.findHistory(now, left, ALICE, "sent while it was hidden and Bob was out")
                .getFirst();
        EventId seen =
                kitchen.findHistory(now, hidden, ALICE, "sent while Bob was in").getFirst();
        EventId open = kitchen.findHistory(now, shared, ALICE, "sent while all was shared")
                .getFirst();

        assertThat(paged(ALICE, true, 100)).contains(unseen.value(), seen.value(), open.value());
        assertThat(paged(BOB, true, 100)).contains(seen.value(), open.value()).doesNotContain(unseen.value());
        assertThatThrownBy(() -> server.events.event(session(BOB), kitchen.id(), unseen))
                .isInstanceOf(MatrixException.class);
    }
}
