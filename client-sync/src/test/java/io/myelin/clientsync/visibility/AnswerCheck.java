package io.myelin.clientsync.visibility;

import static io.myelin.clientsync.fixture.SyncingClient.events;
import static io.myelin.clientsync.fixture.SyncingClient.ids;
import static io.myelin.clientsync.visibility.VisibilityModel.MEMBER;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientsync.fixture.SyncingClient;
import io.myelin.clientsync.visibility.VisibilityModel.Happened;
import io.myelin.clientsync.visibility.VisibilityModel.Standing;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares answers with what {@link VisibilityModel} lets their reader see. */
final class AnswerCheck {
    private static final Pattern MARK = Pattern.compile("\\bm\\d+x\\b");

    private final VisibilityModel sight;
    private int count;

    AnswerCheck(VisibilityModel sight) {
        this.sight = sight;
    }

    /** How many answers were checked. */
    int count() {
        return count;
    }

    /** What a failed assertion says: who read what, and all that has happened in the room. */
    String told(UserId user, String path) {
        return user.value() + " reads " + path + " of\n"
                + sight.events.stream()
                        .map(event -> sight.index(event.id()) + " " + event
                                + (sight.redacted.contains(event.id()) ? " redacted" : ""))
                        .collect(Collectors.joining("\n"))
                + "\nforgotten " + sight.forgottenAt + " ignored " + sight.ignored + " erased " + sight.erased + "\n";
    }

    /**
     * Asserts that an answer has nothing that its reader may not see.
     *
     * @param more the marks of further events that this answer may have
     */
    void answer(UserId user, String path, JsonObject answer, Set<String> more) {
        count++;
        Standing who = sight.standing(user.value());
        Set<String> may = sight.marks(who);
        may.addAll(more);
        addOwn(may, who);
        Set<String> shown = marks(answer);
        shown.removeAll(may);
        assertThat(shown).as(() -> told(user, path) + answer).isEmpty();
        checkPrevContents(user, path, who, answer);
        checkBundles(user, path, who, answer);
    }

    /** What is bundled with an event is seen by the reader, and not by somebody whom they ignore. */
    private void checkBundles(UserId user, String path, Standing who, Json json) {
        if (json instanceof JsonArray array) {
            array.stream().forEach(inner -> checkBundles(user, path, who, inner));
        } else if (json instanceof JsonObject object) {
            object.forEach((_, inner) -> checkBundles(user, path, who, inner));
            List<JsonObject> bundled = new ArrayList<>();
            JsonObject relations = object.object("m.relations").orElse(JsonObject.EMPTY);
            relations
                    .object("m.reference")
                    .flatMap(references -> references.array("chunk"))
                    .ifPresent(chunk -> bundled.addAll(SyncingClient.objects(chunk)));
            relations
                    .object("m.thread")
                    .flatMap(thread -> thread.object("latest_event"))
                    .ifPresent(bundled::add);
            for (JsonObject event : bundled) {
                int index = sight.index(event.string("event_id").orElseThrow());
                assertThat(sight.sees(who, index) && !sight.isIgnored(user.value(), index))
                        .as(() -> told(user, path) + object)
                        .isTrue();
            }
        }
    }

    private static Set<String> marks(Json json) {
        Set<String> marks = new TreeSet<>();
        Matcher matcher = MARK.matcher(json.toString());
        while (matcher.find()) {
            marks.add(matcher.group());
        }
        return marks;
    }

    /**
     * A user may see an event's {@code prev_content} if they see the event that it comes from, or were in the room when
     * it was replaced.
     */
    private void checkPrevContents(UserId user, String path, Standing who, Json json) {
        if (json instanceof JsonArray array) {
            array.stream().forEach(inner -> checkPrevContents(user, path, who, inner));
        } else if (json instanceof JsonObject object) {
            object.forEach((_, inner) -> checkPrevContents(user, path, who, inner));
            Json before = object.object("unsigned")
                    .map(unsigned -> unsigned.get("prev_content"))
                    .orElse(null);
            String id = object.string("event_id").orElse(null);
            if (before != null && id != null && !marks(before).isEmpty()) {
                int event = sight.index(id);
                Happened happened = sight.events.get(event);
                int replaced = sight.standingBefore(event, happened.type(), happened.stateKey());
                boolean wasIn = !who.isStranger()
                        && sight.membershipBefore(who.user(), event).equals("join");
                assertThat(wasIn || happened.isFor(MEMBER, who.user()) || sight.sees(who, replaced))
                        .as(() -> told(user, path) + object)
                        .isTrue();
            }
        }
    }

    /** An event of a timeline is shown whole, unless it is redacted or pruned for its reader. */
    void timeline(UserId user, String path, List<JsonObject> told) {
        Standing who = sight.standing(user.value());
        for (JsonObject event : told) {
            int index = sight.index(event.string("event_id").orElseThrow());
            boolean isWhole = !sight.isRedacted(index) && !sight.isPruned(who, index);
            boolean hasMark = marks(event.object("content").orElseThrow())
                    .contains(sight.events.get(index).mark());
            assertThat(hasMark).as(() -> told(user, path) + event).isEqualTo(isWhole);
        }
    }

    /** Asserts what a sync tells of a room that its reader has left. */
    void left(UserId user, String path, JsonObject told, AllReadsCheck.@Nullable Token token) {
        int left = sight.left(user.value());
        int known = token == null ? 0 : token.known();
        Standing then = new Standing(user.value(), left >= 0, false, left);
        List<String> expected = sight.timeline(then, known);
        String exit = sight.events
                .get(sight.standingBefore(sight.size(), MEMBER, user.value()))
                .id();
        List<String> ids = ids(events(told, "timeline"));
        List<String> others = new ArrayList<>(ids);
        others.remove(exit);
        if (left < 0) {
            assertThat(others).as(() -> told(user, path) + told).isEmpty();
        } else {
            List<String> may = sight.timeline(then, 0);
            assertThat(may).as(() -> told(user, path) + told).containsAll(others);
        }
        boolean wasIn =
                token != null && sight.membershipBefore(user.value(), known).equals("join");
        if (wasIn && left >= known) {
            expected.remove(exit);
            boolean isLimited =
                    told.object("timeline").orElseThrow().bool("limited").orElseThrow();
            if (!isLimited) {
                assertThat(others).as(() -> told(user, path) + told).isEqualTo(expected);
            }
            assertThat(ids).as(() -> told(user, path) + told).endsWith(exit);
        }
    }

    /** Asserts that a joined room's timeline has the expected events; if it is limited or not exact, some of them in order. */
    void section(UserId user, String path, JsonObject told, List<String> expected, boolean isExact) {
        List<String> ids = ids(events(told, "timeline"));
        boolean isLimited = told.object("timeline")
                .flatMap(timeline -> timeline.bool("limited"))
                .orElse(false);
        if (isLimited || !isExact) {
            assertThat(sight.joinedTimeline(sight.standing(user.value()), 0))
                    .as(() -> told(user, path) + told)
                    .containsSubsequence(ids);
        } else {
            assertThat(ids).as(() -> told(user, path) + told).isEqualTo(expected);
        }
    }

    /** A user has been told of every event about their own membership. */
    void addOwn(Set<String> may, Standing who) {
        for (Happened event : sight.events) {
            if (!who.isStranger() && event.isFor(MEMBER, who.user()) && !sight.redacted.contains(event.id())) {
                may.add(event.mark());
            }
        }
    }

    /** What an invitation or a knock shows of a room. */
    void addStripped(Set<String> more, UserId user) {
        int own = sight.standingBefore(sight.size(), MEMBER, user.value());
        for (int shown : List.of(
                sight.standingBefore(sight.size(), "m.room.create", ""),
                sight.standingBefore(sight.size(), "m.room.topic", ""),
                sight.standingBefore(sight.size(), MEMBER, sight.events.get(own).sender()))) {
            if (shown >= 0) {
                more.add(sight.events.get(shown).mark());
            }
        }
    }
}
