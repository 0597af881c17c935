package io.myelin.matrix.resolution;

import static io.myelin.matrix.auth.TestUser.ALICE;
import static io.myelin.matrix.auth.TestUser.BOB;
import static io.myelin.matrix.auth.TestUser.CAROL;
import static io.myelin.matrix.auth.TestUser.DAVE;
import static io.myelin.matrix.resolution.Fork.topic;
import static io.myelin.matrix.resolution.Story.aRoom;
import static io.myelin.matrix.resolution.Story.merging;
import static io.myelin.matrix.resolution.Story.resolving;
import static io.myelin.matrix.room.ResolutionAlgorithm.V2;
import static io.myelin.matrix.room.ResolutionAlgorithm.V2_1;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.room.ResolutionAlgorithm;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The problems of MSC4297: a server has received an outdated state, and version 2 of the algorithm resets the room to it
 * although no user has revoked anything.
 */
@ParameterizedClass
@MethodSource("versions")
class StateResetTest {
    private final RoomVersion version;

    StateResetTest(RoomVersion version) {
        this.version = version;
    }

    static List<RoomVersion> versions() {
        return List.of(RoomVersions.V11, RoomVersions.V12);
    }

    /** Problem A: events on which the states agree forbid events on which they do not. */
    @Test
    void joinRulesOfSomebodyWhoHasLeft() {
        Fork resets = closedByAliceWhoLeft(V2);
        mergedWithOutdated("m.room.join_rules", resets).hasNothingFor(resets.current("m.room.join_rules", ""));

        Fork stays = closedByAliceWhoLeft(V2_1);
        mergedWithOutdated("m.room.join_rules", stays).has(stays.current("m.room.join_rules", ""));
    }

    /** Problem B: the events between the outdated event and the current one are in every auth chain. */
    @Test
    void powerLevelsThatRestOnOnesInBetween() {
        Fork resets = promotedInTurn(V2);
        mergedWithOutdated("m.room.power_levels", resets).has(first("m.room.power_levels", resets));

        Fork stays = promotedInTurn(V2_1);
        mergedWithOutdated("m.room.power_levels", stays).has(stays.current("m.room.power_levels", ""));
    }

    /** Problem B and its consequence. */
    @Test
    void topicOfSomebodyWhoWasPromotedInBetween() {
        Fork resets = promotedInTurn(V2);
        Fork topic = resets.then(topic(CAROL, "mine"));
        merging(topic, resets.butWith(first("m.room.power_levels", resets))).hasNothingFor(topic.last());

        Fork stays = promotedInTurn(V2_1);
        topic = stays.then(topic(CAROL, "mine"));
        merging(topic, stays.butWith(first("m.room.power_levels", stays))).has(topic.last());
    }

    private Fork closedByAliceWhoLeft(ResolutionAlgorithm algorithm) {
        return aRoom(resolving(version, algorithm))
                .createdBy(ALICE)
                .thenLevels(ALICE, Map.of(BOB, 100))
                .then(ALICE.setsJoinRule("public"), BOB.joins(), ALICE.setsJoinRule("invite"), ALICE.leaves());
    }

    /** Alice promotes Bob, Bob promotes Carol, and then Dave joins: his join cites the latest, in every state. */
    private Fork promotedInTurn(ResolutionAlgorithm algorithm) {
        return aRoom(resolving(version, algorithm))
                .createdBy(ALICE)
                .then(ALICE.setsJoinRule("public"), BOB.joins(), CAROL.joins())
                .thenLevels(ALICE, Map.of())
                .thenLevels(ALICE, Map.of(BOB, 50))
                .thenLevels(BOB, Map.of(BOB, 50, CAROL, 50))
                .then(DAVE.joins());
    }

    /** The fork, merged with the view of a server that has missed every change of this state. */
    private static Resolved mergedWithOutdated(String type, Fork fork) {
        return merging(fork, fork.butWith(first(type, fork)));
    }

    private static Pdu first(String type, Fork fork) {
        return fork.story().events().values().stream()
                .filter(event -> event.is(type, ""))
                .findFirst()
                .orElseThrow();
    }
}
