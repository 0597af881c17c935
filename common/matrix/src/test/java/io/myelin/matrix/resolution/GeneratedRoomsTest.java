package io.myelin.matrix.resolution;

import static io.myelin.matrix.resolution.Story.resolving;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.auth.PowerLevels;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.room.ResolutionAlgorithm;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.matrix.state.StateKey;
import io.myelin.matrix.state.StateMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Properties of every room, checked in generated rooms; the system property {@code resolution.rooms} says how many. A
 * failure prints the seed and the room.
 */
@ParameterizedClass
@MethodSource("versions")
class GeneratedRoomsTest {
    private static final int ROOMS = Integer.getInteger("resolution.rooms", 200);

    /** The rooms by algorithm and version, since every property is checked in the same rooms. */
    private static final Map<String, List<RandomRoom>> GENERATED = new ConcurrentHashMap<>();

    private final RoomVersion version;

    GeneratedRoomsTest(RoomVersion version) {
        this.version = version;
    }

    static List<RoomVersion> versions() {
        return List.of(
                resolving(RoomVersions.V11, ResolutionAlgorithm.V1),
                RoomVersions.V11,
                resolving(RoomVersions.V11, ResolutionAlgorithm.V2_1),
                resolving(RoomVersions.V12, ResolutionAlgorithm.V2),
                RoomVersions.V12);
    }

    /** An assertion about one room. */
    @FunctionalInterface
    private interface Property {
        void holds(Story story, List<StateMap<EventId>> states, Random random);
    }

    @Test
    void isWhatTheNaiveImplementationSays() {
        inEveryRoom((story, states, _) ->
                assertThat(asMap(resolve(story, states))).isEqualTo(RandomRoom.resolvedNaively(story, states)));
    }

    @Test
    void doesNotDependOnAnyOrder() {
        inEveryRoom((story, states, random) -> {
            List<StateMap<EventId>> shuffled = new ArrayList<>(states);
            Collections.shuffle(shuffled, random);
            // The states are built anew, so that they share nothing and are iterated in another order.
            shuffled.replaceAll(state -> StateMap.of(asMap(state)));
            var events = new ShuffledEvents(story.known(), random);
            assertThat(StateResolution.resolve(version, shuffled, events)).isEqualTo(resolve(story, states));
        });
    }

    @Test
    void isTheSameEveryTime() {
        inEveryRoom((story, states, _) -> assertThat(resolve(story, states)).isEqualTo(resolve(story, states)));
    }

    @Test
    void repeatedStatesMakeNoDifference() {
        inEveryRoom((story, states, random) -> {
            List<StateMap<EventId>> repeated = new ArrayList<>(states);
            repeated.add(states.get(random.nextInt(states.size())));
            assertThat(resolve(story, repeated)).isEqualTo(resolve(story, states));
        });
    }

    @Test
    void leavesStatesThatAgreeAsTheyAre() {
        inEveryRoom((story, states, _) -> {
            StateMap<EventId> resolved = resolve(story, states);
            assertThat(resolve(story, List.of(resolved))).isSameAs(resolved);
            assertThat(resolve(story, List.of(resolved, StateMap.of(asMap(resolved)))))
                    .isEqualTo(resolved);
        });
    }

    @Test
    void keepsWhatAllStatesHave() {
        inEveryRoom((story, states, _) -> {
            StateMap<EventId> resolved = resolve(story, states);
            states.getFirst().forEach((key, id) -> {
                if (isUnconflicted(key, states)) {
                    assertThat(resolved.get(key)).isEqualTo(id);
                }
            });
        });
    }

    /**
     * The rules promise nothing about a resolved state as a whole: a topic stays when its sender leaves, and events that
     * all states have are not checked. But power is resolved before everything else. So if the power levels were resolved,
     * the resolved topic is not by a user who has no power left or was removed by another user.
     */
    @Test
    void resolvedTopicIsOfSomebodyWithPowerWhoWasNotRemoved() {
        if (version.resolutionAlgorithm() == ResolutionAlgorithm.V1) {
            return; // version 1 resolves without regard to the events in between
        }
        inEveryRoom((story, states, _) -> {
            StateMap<EventId> resolved = resolve(story, states);
            Pdu topic = settled("m.room.topic", "", resolved, states, story);
            if (topic == null) {
                return;
            }
            Pdu powerLevels = settled("m.room.power_levels", "", resolved, states, story);
            if (powerLevels != null) {
                Pdu create = story.event(Objects.requireNonNull(resolved.get("m.room.create", "")));
                assertThat(PowerLevels.of(create, powerLevels).maySend(topic.sender(), topic.type(), true))
                        .isTrue();
            }
            Pdu member = settled("m.room.member", topic.sender().value(), resolved, states, story);
            if (member != null && !member.sender().equals(topic.sender())) {
                assertThat(Membership.of(member)).isNotIn(Membership.LEAVE, Membership.BAN);
            }
        });
    }

    private void inEveryRoom(Property property) {
        for (RandomRoom room : GENERATED.computeIfAbsent(version + " " + version.resolutionAlgorithm(), _ -> rooms())) {
            try {
                property.holds(room.story(), room.states(), new Random(room.seed()));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(description(room), e);
            }
        }
    }

    private List<RandomRoom> rooms() {
        return LongStream.rangeClosed(1, ROOMS)
                .mapToObj(seed -> new RandomRoom(version, seed))
                .toList();
    }

    private String description(RandomRoom room) {
        var text = new StringBuilder("Seed %d, version %s by %s:\n%s"
                .formatted(room.seed(), version, version.resolutionAlgorithm(), room.story()));
        for (StateMap<EventId> state : room.states()) {
            text.append("\n\na state:");
            state.values().forEach(id -> text.append('\n').append(room.story().told(id)));
        }
        return text.toString();
    }

    private StateMap<EventId> resolve(Story story, List<StateMap<EventId>> states) {
        return StateResolution.resolve(version, states, story.known());
    }

    /** The event for this key, if resolution has chosen it, rather than all states having it. */
    private static @Nullable Pdu settled(
            String type, String stateKey, StateMap<EventId> resolved, List<StateMap<EventId>> states, Story story) {
        EventId id = resolved.get(type, stateKey);
        return id == null || isUnconflicted(new StateKey(type, stateKey), states) ? null : story.event(id);
    }

    private static boolean isUnconflicted(StateKey key, List<StateMap<EventId>> states) {
        EventId first = states.getFirst().get(key);
        return first != null && states.stream().allMatch(state -> first.equals(state.get(key)));
    }

    private static Map<StateKey, EventId> asMap(StateMap<EventId> state) {
        Map<StateKey, EventId> map = new HashMap<>();
        state.forEach(map::put);
        return map;
    }
}
