package io.myelin.matrix.resolution;

import static io.myelin.matrix.auth.TestUser.ALICE;
import static io.myelin.matrix.auth.TestUser.BOB;
import static io.myelin.matrix.resolution.Fork.topic;
import static io.myelin.matrix.resolution.Story.aRoom;
import static io.myelin.matrix.resolution.Story.resolving;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.auth.TestUser;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.room.ResolutionAlgorithm;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.matrix.state.StateMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A resolution asks few questions, and only about events in conflict. */
@ParameterizedClass
@MethodSource("versions")
class LoadingTest {
    private static final int MEMBERS = 500;

    private final RoomVersion version;

    LoadingTest(RoomVersion version) {
        this.version = version;
    }

    static List<RoomVersion> versions() {
        return List.of(resolving(RoomVersions.V11, ResolutionAlgorithm.V1), RoomVersions.V11, RoomVersions.V12);
    }

    /** Passes questions on and remembers them. */
    private record CountedEvents(ResolutionEvents events, List<Collection<EventId>> loads, List<String> others)
            implements ResolutionEvents {
        @Override
        public Map<EventId, ReceivedEvent> load(Collection<EventId> ids) {
            loads.add(ids);
            return events.load(ids);
        }

        @Override
        public Set<EventId> authDifference(StateMap<EventId> unconflicted, List<Set<EventId>> conflicted) {
            others.add("auth difference");
            return events.authDifference(unconflicted, conflicted);
        }

        @Override
        public Set<EventId> conflictedSubgraph(Set<EventId> conflicted) {
            others.add("conflicted subgraph");
            return events.conflictedSubgraph(conflicted);
        }

        @Override
        public Map<EventId, EventId> previousPowerLevels(Collection<EventId> powerLevels) {
            others.add("previous power levels");
            return events.previousPowerLevels(powerLevels);
        }
    }

    @Test
    void agreementIsFoundWithoutAQuestion() {
        Fork room = aRoom(version).createdBy(ALICE).then(ALICE.setsJoinRule("public"), BOB.joins());
        assertThat(asked(room, room.then(BOB.sends("m.room.message"))).loads()).isEmpty();
        assertThat(asked(room, room).others()).isEmpty();
    }

    @Test
    void largeConflictIsLoadedInTwoBatchesAndNotTheRoom() {
        Fork room = aRoom(version).createdBy(ALICE).then(ALICE.setsJoinRule("public"));
        for (int i = 0; i < MEMBERS; i++) {
            room = room.then(user(i).joins());
        }
        room = room.thenLevels(ALICE, Map.of(user(1), 50));
        Fork left = room.then(topic(ALICE, "left")).thenLevels(ALICE, Map.of());
        Fork right = room.then(topic(user(1), "right")).thenLevels(user(1), Map.of(user(1), 20));
        for (int i = 0; i < 20; i++) {
            left = left.then(user(i).joins().withContent("displayname", "left"));
            right = right.then(user(i).joins().withContent("displayname", "right"));
        }
        CountedEvents asked = asked(left, right);
        assertThat(asked.loads()).hasSize(2);
        assertThat(asked.loads().stream().flatMap(Collection::stream)).doesNotHaveDuplicates();
        assertThat(asked.loads().stream().mapToInt(Collection::size).sum()).isLessThan(80);
        assertThat(asked.others())
                .isEqualTo(
                        switch (version.resolutionAlgorithm()) {
                            case V1 -> List.of();
                            case V2 -> List.of("auth difference", "previous power levels");
                            case V2_1 -> List.of("auth difference", "conflicted subgraph", "previous power levels");
                        });
    }

    private CountedEvents asked(Fork one, Fork other) {
        var events = new CountedEvents(one.story().known(), new ArrayList<>(), new ArrayList<>());
        StateResolution.resolve(version, List.of(one.state(), other.state()), events);
        return events;
    }

    private static TestUser user(int number) {
        return new TestUser(new UserId("@user" + number + ":one.example"));
    }
}
