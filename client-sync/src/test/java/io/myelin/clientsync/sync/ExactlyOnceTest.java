package io.myelin.clientsync.sync;

import static io.myelin.clientsync.fixture.Server.ALICE;
import static io.myelin.clientsync.fixture.Server.BOB;
import static io.myelin.clientsync.fixture.Server.CAROL;
import static io.myelin.clientsync.fixture.SyncingClient.events;
import static io.myelin.clientsync.fixture.SyncingClient.ids;
import static io.myelin.clientsync.fixture.SyncingClient.objects;
import static io.myelin.clientsync.fixture.SyncingClient.room;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientsync.filter.EventFilter;
import io.myelin.clientsync.fixture.Fork;
import io.myelin.clientsync.fixture.Room;
import io.myelin.clientsync.fixture.Server;
import io.myelin.clientsync.fixture.SyncingClient;
import io.myelin.clientsync.read.Messages;
import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random histories, split at random tokens. A client gets every event once, in one order, and its state is the room's,
 * also where a resolution changed that. A client that takes its state from timelines cannot know which events did not
 * change the state, so places where such an event is the newest are not compared for it.
 */
class ExactlyOnceTest {

    /** What one client knows of one room: its timeline, and its state as it follows from sections and timeline. */
    private static final class Replica {
        private final Server server;
        private final Room room;
        private final UserId user;
        private final SyncingClient client;
        private final boolean stateAfter;
        private List<String> timeline = new ArrayList<>();
        private final Map<String, String> state = new TreeMap<>();

        Replica(Server server, Room room, UserId user, int limit, boolean stateAfter) {
            this.server = server;
            this.room = room;
            this.user = user;
            this.stateAfter = stateAfter;
            this.client = server.client(user).filter("{\"room\":{\"timeline\":{\"limit\":" + limit + "}}}");
            if (stateAfter) {
                client.usingStateAfter();
            }
        }

        void sync() {
            JsonObject answer = client.sync();
            take(room(answer, "join", room.id()));
            take(room(answer, "leave", room.id()));
        }

        private void take(JsonObject told) {
            if (told.isEmpty()) {
                return;
            }
            List<JsonObject> events = events(told, "timeline");
            JsonObject part = told.object("timeline").orElseThrow();
            if (part.bool("limited").orElseThrow()) {
                timeline = historyBefore(part.string("prev_batch").orElseThrow());
            }
            timeline.addAll(ids(events));
            events(told, stateAfter ? "state_after" : "state").forEach(this::set);
            if (!stateAfter) {
                events.forEach(this::set);
            }
        }

        /** Pages back as clients do after a limited timeline, with which they begin anew. */
        private List<String> historyBefore(@Nullable String prevBatch) {
            List<String> newestFirst = new ArrayList<>();
            String from = prevBatch;
            do {
                JsonObject page = messages(from);
                newestFirst.addAll(ids(objects(page.array("chunk").orElse(JsonArray.EMPTY))));
                from = page.string("end").orElse(null);
            } while (from != null);
            return new ArrayList<>(newestFirst.reversed());
        }

        private JsonObject messages(@Nullable String from) {
            byte[] body = server.messages
                    .read(new Messages.Request(Server.session(user), room.id(), from, null, true, 7, EventFilter.ALL))
                    .toBytes();
            return JsonParser.parseObject(body, JsonRules.LENIENT);
        }

        private void set(JsonObject event) {
            event.string("state_key")
                    .ifPresent(key -> state.put(
                            event.string("type").orElseThrow() + " " + key,
                            event.string("event_id").orElseThrow()));
        }

        List<String> history() {
            return historyBefore(null);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24})
    void everyMemberPutsTogetherWhatHappened(int seed) {
        Random random = new Random(seed);
        Server server = new Server();
        Room room = server.room("hall");
        Room other = server.room("other");
        List<Replica> replicas = List.of(
                new Replica(server, room, ALICE, 3, false),
                new Replica(server, room, ALICE, 50, true),
                new Replica(server, room, BOB, 2, false),
                new Replica(server, room, CAROL, 10, true));
        int steps = 40 + random.nextInt(260);
        for (int step = 0; step < steps; step++) {
            happen(server, room, other, random, step);
            for (Replica replica : replicas) {
                if (random.nextInt(1 + random.nextInt(60)) == 0) {
                    replica.sync();
                }
            }
            if (random.nextInt(100) == 0) {
                // A reader that starts anew answers the same tokens.
                server.restart(1);
            }
        }
        room.join(BOB);
        room.join(CAROL);
        for (Replica replica : replicas) {
            replica.sync();
            assertThat(replica.timeline).doesNotHaveDuplicates().isEqualTo(all(server, room));
            assertThat(replica.history()).isEqualTo(replica.timeline);
            Map<String, String> truth = state(server, room);
            if (!replica.stateAfter) {
                Set<String> unclear = unclear(server, room, truth);
                truth.keySet().removeAll(unclear);
                replica.state.keySet().removeAll(unclear);
            }
            assertThat(replica.state).isEqualTo(truth);
        }
    }

    private static void happen(Server server, Room room, Room other, Random random, int step) {
        switch (random.nextInt(20)) {
            case 0 -> room.join(BOB);
            case 1 -> {
                if (server.joinedRooms.of(BOB).contains(room.id())) {
                    room.leave(BOB);
                }
            }
            case 2 -> room.invite(ALICE, CAROL);
            case 3 -> room.join(CAROL);
            case 4 -> room.member(ALICE, CAROL, "ban");
            case 5 -> room.state(ALICE, "m.room.name", "", "{\"name\":\"" + step + "\"}");
            case 6 -> room.state(ALICE, "org.example", "key" + random.nextInt(3), "{}");
            case 7 -> other.say(ALICE, "elsewhere");
            case 8 -> {
                StoredEvent target = server.rooms.all(room.id()).getLast();
                if (!target.event().isState()) {
                    room.redact(ALICE, target.event().id());
                }
            }
            case 9 -> room.aside(ALICE, "m.room.name", "", "{\"name\":\"" + step + "\"}");
            case 10 -> room.aside(ALICE, "org.example", "key" + random.nextInt(3), "{}");
            case 11 -> aside(room, random);
            case 12 -> room.resolve(room.keep(ALICE, "org.example", "key" + random.nextInt(3), "{}"));
            case 13, 14 -> resolve(server, room, random);
            case 15 -> fork(server, room, random);
            default -> room.say(ALICE, "message " + step);
        }
    }

    private static void aside(Room room, Random random) {
        UserId user = random.nextBoolean() ? BOB : CAROL;
        String membership = List.of("join", "leave", "ban", "invite").get(random.nextInt(4));
        room.aside(ALICE, "m.room.member", user.value(), "{\"membership\":\"" + membership + "\"}");
    }

    /** The room's history is shared, so its members see what comes on a fork, whatever their membership is there. */
    private static void fork(Server server, Room room, Random random) {
        List<StoredEvent> all = server.rooms.all(room.id());
        Fork fork = room.forkAfter(all.get(random.nextInt(all.size())).event().id());
        if (random.nextBoolean()) {
            fork.member(ALICE, BOB, "ban");
        }
        fork.say(ALICE, "on a fork");
    }

    /** A resolution puts a random state event of the room into the state. */
    private static void resolve(Server server, Room room, Random random) {
        List<RoomEvent> candidates = server.rooms.all(room.id()).stream()
                .map(StoredEvent::event)
                .filter(event -> event.isState()
                        && !event.type().equals("m.room.create")
                        && !ALICE.value().equals(event.stateKey()))
                .toList();
        if (!candidates.isEmpty()) {
            int newest = Math.min(candidates.size(), 1 + random.nextInt(20));
            room.resolve(candidates.get(candidates.size() - newest).id());
        }
    }

    /** The places of the state whose newest event in the timeline is not the one that they have. */
    private static Set<String> unclear(Server server, Room room, Map<String, String> truth) {
        Map<String, String> newest = new TreeMap<>();
        for (StoredEvent stored : server.rooms.all(room.id())) {
            RoomEvent event = stored.event();
            if (event.isState()) {
                newest.put(event.type() + " " + event.stateKey(), event.id().value());
            }
        }
        Set<String> unclear = new TreeSet<>(newest.keySet());
        unclear.removeIf(place -> Objects.equals(newest.get(place), truth.get(place)));
        return unclear;
    }

    private static List<String> all(Server server, Room room) {
        return server.rooms.all(room.id()).stream()
                .map(stored -> stored.event().id().value())
                .toList();
    }

    private static Map<String, String> state(Server server, Room room) {
        Map<String, String> state = new TreeMap<>();
        for (StoredEvent stored : server.rooms.state(room.id())) {
            RoomEvent event = stored.event();
            state.put(
                    event.type() + " " + Objects.requireNonNull(event.stateKey()),
                    event.id().value());
        }
        return state;
    }
}
