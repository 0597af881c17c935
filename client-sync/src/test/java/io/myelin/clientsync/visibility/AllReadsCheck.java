package io.myelin.clientsync.visibility;

import static io.myelin.clientsync.fixture.Server.session;
import static io.myelin.clientsync.fixture.SyncingClient.events;
import static io.myelin.clientsync.fixture.SyncingClient.ids;
import static io.myelin.clientsync.fixture.SyncingClient.objects;
import static io.myelin.clientsync.fixture.SyncingClient.room;
import static io.myelin.clientsync.visibility.VisibilityModel.MEMBER;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientsync.filter.EventFilter;
import io.myelin.clientsync.filter.Filters;
import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.clientsync.fixture.SyncingClient;
import io.myelin.clientsync.read.Messages;
import io.myelin.clientsync.read.RelationReads;
import io.myelin.clientsync.visibility.VisibilityModel.Standing;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import io.myelin.web.MatrixException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Every way to read a room, each answer compared with what {@link VisibilityModel} lets its reader see. */
final class AllReadsCheck {
    private static final int LIMIT = 20;

    /** @param known how many events there were when a client took it */
    record Token(String text, int known) {}

    private final Server server;
    private final Room room;
    private final VisibilityModel sight;
    private final AnswerCheck check;
    private final Random random;
    private final Map<UserId, List<Token>> tokens = new HashMap<>();

    AllReadsCheck(Server server, Room room, VisibilityModel sight, Random random, List<UserId> users) {
        this.server = server;
        this.room = room;
        this.sight = sight;
        this.check = new AnswerCheck(sight);
        this.random = random;
        users.forEach(user -> tokens.put(user, new ArrayList<>()));
    }

    int count() {
        return check.count();
    }

    void takeToken(UserId user) {
        SyncingClient client = server.client(user);
        client.sync();
        Objects.requireNonNull(tokens.get(user)).add(new Token(Objects.requireNonNull(client.token()), sight.size()));
    }

    void one(UserId user) {
        switch (random.nextInt(10)) {
            case 0 -> sync(user, null);
            case 1, 2 -> token(user).ifPresent(token -> sync(user, token));
            case 3 -> messages(user, random.nextBoolean());
            case 4 -> context(user, random.nextInt(sight.size()));
            case 5 -> event(user, random.nextInt(sight.size()));
            case 6 -> states(user);
            case 7 -> relations(user, random.nextInt(sight.size()));
            case 8 -> threads(user);
            default -> token(user).ifPresent(token -> membersAt(user, token));
        }
    }

    void all(UserId user) {
        sync(user, null);
        for (int i = 0; i < 6; i++) {
            token(user).ifPresent(token -> sync(user, token));
            token(user).ifPresent(token -> membersAt(user, token));
            token(user).ifPresent(token -> messagesFrom(user, token));
        }
        messages(user, true);
        messages(user, false);
        states(user);
        threads(user);
        for (int event = 0; event < sight.size(); event++) {
            event(user, event);
            if (random.nextInt(4) == 0) {
                context(user, event);
                relations(user, event);
            }
        }
    }

    private Optional<Token> token(UserId user) {
        List<Token> all = Objects.requireNonNull(tokens.get(user));
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }

    private @Nullable JsonObject answer(Supplier<byte[]> read) {
        try {
            return JsonParser.parseObject(read.get(), JsonRules.LENIENT);
        } catch (MatrixException refused) {
            assertThat(refused.status()).isIn(403, 404);
            return null;
        }
    }

    private static List<JsonObject> list(JsonObject answer, String name) {
        return objects(answer.array(name).orElse(JsonArray.EMPTY));
    }

    private void sync(UserId user, @Nullable Token token) {
        boolean fullState = random.nextInt(3) == 0;
        boolean lazy = random.nextInt(3) == 0;
        boolean leave = random.nextBoolean();
        int limit = random.nextInt(3) == 0 ? 2 : 50;
        SyncingClient client = server.client(user)
                .filter("{\"room\":{\"include_leave\":" + leave + ",\"timeline\":{\"limit\":" + limit
                        + "},\"state\":{\"lazy_load_members\":" + lazy + "}}}");
        if (random.nextBoolean()) {
            client.usingStateAfter();
        }
        client.goBackTo(token == null ? null : token.text());
        String path = "/sync from " + token + " full " + fullState + " lazy " + lazy;
        JsonObject answer = fullState ? client.syncFullState() : client.sync();
        String membership = sight.membershipNow(user.value());
        Set<String> more = new HashSet<>();
        check.addOwn(more, new Standing(user.value(), true, false, sight.size()));
        if (membership.equals("invite") || membership.equals("knock")) {
            check.addStripped(more, user);
        }
        check.answer(user, path, answer, more);
        Standing who = sight.standing(user.value());
        JsonObject joined = room(answer, "join", room.id());
        JsonObject left = room(answer, "leave", room.id());
        assertThat(joined.isEmpty() || membership.equals("join")).isTrue();
        check.timeline(user, path, events(joined, "timeline"));
        if (membership.equals("join")) {
            int known = token == null ? 0 : token.known();
            boolean wasIn =
                    token != null && sight.membershipBefore(user.value(), known).equals("join");
            check.section(user, path, joined, sight.joinedTimeline(who, known), token == null || wasIn);
        } else if (!left.isEmpty()) {
            assertThat(sight.isForgotten(user.value())).isFalse();
            check.left(user, path, left, token);
        }
    }

    private @Nullable JsonObject page(UserId user, @Nullable String from, boolean backward, int limit) {
        EventFilter filter =
                random.nextBoolean() ? EventFilter.ALL : Filters.ofRoomEvents("{\"lazy_load_members\":true}");
        return answer(() -> server.messages
                .read(new Messages.Request(session(user), room.id(), from, null, backward, limit, filter))
                .toBytes());
    }

    private void messages(UserId user, boolean backward) {
        Standing who = sight.standing(user.value());
        List<String> expected = who.reads() ? sight.timeline(who, 0) : List.of();
        assertThat(pages(user, null, backward, who.reads()))
                .as(() -> check.told(user, "/messages backward " + backward))
                .isEqualTo(backward ? expected.reversed() : expected);
    }

    /** Pages back as a client does from where it stopped. */
    private void messagesFrom(UserId user, Token token) {
        Standing who = sight.standing(user.value());
        List<String> expected = who.reads() ? new ArrayList<>(sight.timeline(who, 0)) : List.of();
        List<String> later = sight.timeline(who, token.known());
        boolean backward = random.nextBoolean();
        if (who.reads()) {
            if (backward) {
                expected.removeAll(later);
            } else {
                expected = later;
            }
        }
        List<String> wanted = backward ? expected.reversed() : expected;
        assertThat(pages(user, token.text(), backward, who.reads()))
                .as(() -> check.told(user, "/messages from " + token + " backward " + backward))
                .isEqualTo(wanted);
    }

    private List<String> pages(UserId user, @Nullable String start, boolean backward, boolean isReader) {
        List<String> ids = new ArrayList<>();
        String from = start;
        do {
            JsonObject page = page(user, from, backward, 1 + random.nextInt(LIMIT));
            assertThat(page != null).as(() -> check.told(user, "/messages")).isEqualTo(isReader);
            if (page == null) {
                return ids;
            }
            check.answer(user, "/messages", page, Set.of());
            List<JsonObject> chunk = list(page, "chunk");
            check.timeline(user, "/messages", chunk);
            ids.addAll(ids(chunk));
            from = page.string("end").orElse(null);
        } while (from != null);
        return ids;
    }

    private void event(UserId user, int event) {
        Standing who = sight.standing(user.value());
        EventId id = new EventId(sight.events.get(event).id());
        JsonObject found = answer(() -> server.events.event(session(user), room.id(), id));
        boolean sees = sight.sees(who, event) && !sight.isIgnored(user.value(), event);
        assertThat(found != null).as(() -> check.told(user, "/event " + event)).isEqualTo(sees);
        if (found != null) {
            check.answer(user, "/event " + event, found, Set.of());
            check.timeline(user, "/event " + event, List.of(found));
        }
    }

    private void context(UserId user, int event) {
        Standing who = sight.standing(user.value());
        EventId id = new EventId(sight.events.get(event).id());
        EventFilter filter =
                random.nextBoolean() ? EventFilter.ALL : Filters.ofRoomEvents("{\"lazy_load_members\":true}");
        JsonObject found = answer(() -> server.events
                .context(session(user), room.id(), id, random.nextInt(10), filter)
                .toBytes());
        boolean sees = who.reads() && sight.sees(who, event) && !sight.isIgnored(user.value(), event);
        assertThat(found != null)
                .as(() -> check.told(user, "/context " + event))
                .isEqualTo(sees);
        if (found != null) {
            check.answer(user, "/context " + event, found, Set.of());
            List<JsonObject> told = new ArrayList<>(list(found, "events_before").reversed());
            told.add(found.object("event").orElseThrow());
            told.addAll(list(found, "events_after"));
            check.timeline(user, "/context " + event, told);
            assertThat(sight.timeline(who, 0))
                    .as(() -> check.told(user, "/context " + event) + found)
                    .containsSubsequence(ids(told));
        }
    }

    private void relations(UserId user, int event) {
        Standing who = sight.standing(user.value());
        EventId id = new EventId(sight.events.get(event).id());
        boolean recurse = random.nextBoolean();
        JsonObject found = answer(() -> server.relations
                .relations(new RelationReads.Request(
                        session(user), room.id(), id, null, null, null, null, true, LIMIT, recurse))
                .toBytes());
        boolean sees = who.reads() && sight.sees(who, event);
        assertThat(found != null)
                .as(() -> check.told(user, "/relations " + event))
                .isEqualTo(sees);
        if (found != null) {
            checkChunk(user, who, "/relations " + event, found);
        }
    }

    private void threads(UserId user) {
        Standing who = sight.standing(user.value());
        JsonObject found = answer(() -> server.relations
                .threads(new RelationReads.ThreadsRequest(session(user), room.id(), false, null, LIMIT))
                .toBytes());
        assertThat(found != null).as(() -> check.told(user, "/threads")).isEqualTo(who.reads());
        if (found != null) {
            check.answer(user, "/threads", found, Set.of());
        }
    }

    private void checkChunk(UserId user, Standing who, String path, JsonObject answer) {
        check.answer(user, path, answer, Set.of());
        check.timeline(user, path, list(answer, "chunk"));
        List<String> seen = sight.timeline(who, 0);
        assertThat(seen).as(() -> check.told(user, path) + answer).containsAll(ids(list(answer, "chunk")));
    }

    private void states(UserId user) {
        Standing who = sight.standing(user.value());
        Map<String, Integer> state = who.reads() ? sight.stateAfter(who.until()) : Map.of();
        JsonObject all = answer(() -> {
            byte[] array = server.states.all(session(user), room.id()).toBytes();
            return ("{\"state\":" + new String(array, StandardCharsets.UTF_8) + "}").getBytes(StandardCharsets.UTF_8);
        });
        checkState(user, "/state", all, "state", who.reads(), state, "");
        JsonObject members = answer(() -> server.states
                .members(session(user), room.id(), null, null, null)
                .toBytes());
        checkState(user, "/members", members, "chunk", who.reads(), state, MEMBER);
        JsonObject joined = answer(
                () -> server.states.joinedMembers(session(user), room.id()).toBytes());
        boolean isJoined = sight.membershipNow(user.value()).equals("join");
        assertThat(joined != null).as(() -> check.told(user, "/joined_members")).isEqualTo(isJoined);
        for (String place : sight.stateAfter(sight.size() - 1).keySet()) {
            String[] parts = place.split(" ", 2);
            for (boolean wholeEvent : List.of(false, true)) {
                JsonObject one =
                        answer(() -> server.states.one(session(user), room.id(), parts[0], parts[1], wholeEvent));
                assertThat(one != null)
                        .as(() -> check.told(user, "/state/" + place))
                        .isEqualTo(state.containsKey(place));
                if (one != null) {
                    check.answer(user, "/state/" + place, one, Set.of());
                }
            }
        }
    }

    private void checkState(
            UserId user,
            String path,
            @Nullable JsonObject answer,
            String name,
            boolean isReader,
            Map<String, Integer> state,
            String type) {
        assertThat(answer != null).as(() -> check.told(user, path)).isEqualTo(isReader);
        if (answer != null) {
            check.answer(user, path, answer, Set.of());
            List<String> expected = state.entrySet().stream()
                    .filter(entry -> entry.getKey().startsWith(type))
                    .map(entry -> sight.events.get(entry.getValue()).id())
                    .toList();
            assertThat(ids(list(answer, name)))
                    .as(() -> check.told(user, path))
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private void membersAt(UserId user, Token token) {
        Standing who = sight.standing(user.value());
        int at = Math.min(token.known() - 1, who.until());
        JsonObject members = answer(() -> server.states
                .members(session(user), room.id(), token.text(), null, null)
                .toBytes());
        checkState(
                user,
                "/members?at=" + token,
                members,
                "chunk",
                who.reads() && sight.seesStateAfter(who, at),
                sight.stateAfter(at),
                MEMBER);
    }
}
