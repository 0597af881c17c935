package io.myelin.matrix.resolution;

import static io.myelin.matrix.auth.TestUser.ALICE;
import static io.myelin.matrix.auth.TestUser.BOB;
import static io.myelin.matrix.auth.TestUser.CAROL;
import static io.myelin.matrix.auth.TestUser.DAVE;

import io.myelin.matrix.auth.AuthRules;
import io.myelin.matrix.auth.Draft;
import io.myelin.matrix.auth.TestUser;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.ResolutionAlgorithm;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.state.StateKey;
import io.myelin.matrix.state.StateMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A random room made from a seed, which forks and merges: four users change power levels, memberships and the topic. Most
 * events are honest; some are rejected, some cite the auth events of another fork, and some states have an outdated entry.
 * The naive implementation resolves merged forks.
 */
final class RandomRoom {
    private static final List<TestUser> USERS = List.of(ALICE, BOB, CAROL, DAVE);
    private static final List<Long> LEVELS = List.of(0L, 10L, 50L, 100L);
    private static final int MAX_FORKS = 4;

    private final long seed;
    private final Random random;
    private final Story story;
    private final List<Fork> forks = new ArrayList<>();

    RandomRoom(RoomVersion version, long seed) {
        this.seed = seed;
        this.random = new Random(seed);
        this.story = Story.aRoom(version);
        Fork room = story.createdBy(ALICE).then(ALICE.setsJoinRule("public"), BOB.joins());
        if (random.nextBoolean()) {
            room = room.thenLevels(ALICE, Map.of(BOB, 50));
        }
        forks.add(room);
        for (int i = random.nextInt(10, 80); i > 0; i--) {
            step();
        }
        while (forks.size() < 2) {
            fork();
        }
    }

    long seed() {
        return seed;
    }

    Story story() {
        return story;
    }

    /** The state of each fork; at least two. */
    List<StateMap<EventId>> states() {
        return forks.stream().map(Fork::state).toList();
    }

    static Map<StateKey, EventId> resolvedNaively(Story story, List<StateMap<EventId>> states) {
        List<Map<StateKey, EventId>> maps = new ArrayList<>();
        for (StateMap<EventId> state : states) {
            Map<StateKey, EventId> map = new HashMap<>();
            state.forEach(map::put);
            maps.add(map);
        }
        ResolutionAlgorithm algorithm = story.version().resolutionAlgorithm();
        return algorithm == ResolutionAlgorithm.V1
                ? new NaiveResolutionV1(story.events()).resolve(maps)
                : new NaiveResolution(algorithm == ResolutionAlgorithm.V2_1, story.events(), story.rejected())
                        .resolve(maps);
    }

    private void step() {
        int dice = random.nextInt(100);
        if (dice < 12) {
            fork();
        } else if (dice < 18) {
            merge();
        } else {
            int chosen = random.nextInt(forks.size());
            forks.set(chosen, dice < 22 ? outdated(forks.get(chosen)) : after(forks.get(chosen)));
        }
    }

    private void fork() {
        Fork chosen = forks.get(random.nextInt(forks.size()));
        if (forks.size() < MAX_FORKS) {
            forks.add(after(chosen));
        }
    }

    private void merge() {
        if (forks.size() > 1) {
            Fork one = forks.removeLast();
            Fork other = forks.removeLast();
            forks.add(one.resolvedTo(StateMap.of(resolvedNaively(story, List.of(one.state(), other.state())))));
        }
    }

    private Fork outdated(Fork fork) {
        List<Pdu> accepted = story.events().values().stream()
                .filter(event -> !event.type().equals("m.room.create"))
                .toList();
        return fork.butWith(accepted.get(random.nextInt(accepted.size())));
    }

    /** The fork after one more event, if the rules allow it; a few of the other events are kept as rejected. */
    private Fork after(Fork fork) {
        Fork cited = random.nextInt(100) < 6 ? forks.get(random.nextInt(forks.size())) : fork;
        long jitter = random.nextInt(-20, 2) * 1_000L;
        Draft draft = draft(fork);
        Pdu event = fork.event(draft, cited.selected(draft), Math.max(0, story.tick() + jitter));
        if (AuthRules.check(event, (type, stateKey) -> current(fork, type, stateKey))
                .isAllowed()) {
            return fork.with(event);
        }
        if (random.nextInt(100) < 10) {
            story.reject(event);
            return random.nextInt(3) == 0 ? fork.with(event) : fork;
        }
        story.lose(event);
        return fork;
    }

    private Draft draft(Fork fork) {
        TestUser sender = user();
        TestUser target = user();
        return switch (random.nextInt(15)) {
            case 0, 1, 2 -> sender.joins().withContent("displayname", Json.of(random.nextInt(100)));
            case 3 -> sender.leaves();
            case 4 -> sender.kicks(target);
            case 5 -> sender.bans(target);
            case 6 -> sender.invites(target);
            case 7 -> sender.knocks();
            case 8, 9 ->
                sender.setsJoinRule(List.of("public", "invite", "knock").get(random.nextInt(3)));
            case 10, 11, 12 -> sender.sets("m.room.power_levels", "", levels(fork, target));
            default -> Fork.topic(sender, "topic " + random.nextInt(1_000));
        };
    }

    /** The power levels of the fork, with another level for one user. */
    private JsonObject levels(Fork fork, TestUser target) {
        EventId current = fork.state().get("m.room.power_levels", "");
        boolean needsCreator = !story.version().creatorsHaveInfinitePower();
        JsonObject users = current == null
                ? (needsCreator ? JsonObject.of("@alice:one.example", Json.of(100)) : JsonObject.EMPTY)
                : story.event(current).content().object("users").orElse(JsonObject.EMPTY);
        return JsonObject.of("users", users.with(target.id().value(), LEVELS.get(random.nextInt(LEVELS.size()))));
    }

    private TestUser user() {
        return USERS.get(random.nextInt(USERS.size()));
    }

    private @Nullable Pdu current(Fork fork, String type, String stateKey) {
        EventId id = fork.state().get(type, stateKey);
        return id == null ? null : story.event(id);
    }
}
