package io.myelin.matrix.resolution;

import static io.myelin.matrix.auth.TestUser.ALICE;
import static io.myelin.matrix.auth.TestUser.BOB;
import static io.myelin.matrix.auth.TestUser.CAROL;
import static io.myelin.matrix.resolution.Fork.topic;
import static io.myelin.matrix.resolution.Story.aRoom;
import static io.myelin.matrix.resolution.Story.merging;
import static io.myelin.matrix.resolution.Story.resolving;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.room.ResolutionAlgorithm;
import io.myelin.matrix.room.RoomVersions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The first algorithm, in a room that has the other rules of version 11. */
class ResolutionV1Test {
    private final Fork room = aRoom(resolving(RoomVersions.V11, ResolutionAlgorithm.V1))
            .createdBy(ALICE)
            .then(ALICE.setsJoinRule("public"), BOB.joins(), CAROL.joins());

    @Test
    void whatOnlyOneStateHasIsNoConflict() {
        Fork topic = room.then(topic(ALICE, "tea"));
        Fork name = room.then(ALICE.sends("m.room.message"));
        merging(topic, name).has(topic.last());
    }

    @Test
    void takesTheDeepestThatIsPermitted() {
        Fork shallow = room.thenAtDepth(10, topic(ALICE, "shallow"));
        Fork deep = room.thenAtDepth(11, topic(ALICE, "deep"));
        Fork deepest = room.thenAtDepth(12, topic(BOB, "not permitted"));
        merging(shallow, deepest, deep).has(deep.last());
    }

    @Test
    void takesTheShallowestIfNoneIsPermitted() {
        Fork shallow = room.thenAtDepth(10, topic(CAROL, "shallow"));
        Fork deep = room.thenAtDepth(11, topic(BOB, "deep"));
        merging(deep, shallow).has(shallow.last());
    }

    @Test
    void ofOneDepthTheSmallestHashIsTheDeepest() {
        Pdu one = room.thenAtDepth(10, topic(ALICE, "one")).last();
        Pdu two = room.thenAtDepth(10, topic(ALICE, "two")).last();
        Pdu smaller = sha1(one).compareTo(sha1(two)) < 0 ? one : two;
        merging(room.with(one), room.with(two)).has(smaller);
        merging(room.with(two), room.with(one)).has(smaller);
    }

    @Test
    void powerLevelsGoUpAsLongAsEachPermitsTheNext() {
        Fork first = room.thenLevels(ALICE, Map.of(BOB, 50));
        Fork second = first.thenLevels(BOB, Map.of(BOB, 50, CAROL, 50));
        Fork third = second.thenLevels(CAROL, Map.of(BOB, 50, CAROL, 40));
        merging(third, first, second).has(third.last());
        // Without the event in between, Carol has no power yet.
        merging(third, first).has(first.last());
    }

    @Test
    void doesNotGoOnBehindPowerLevelsThatAreNotPermitted() {
        Fork first = room.thenLevels(ALICE, Map.of(BOB, 50));
        Fork second = first.thenLevels(CAROL, Map.of(CAROL, 50));
        Fork third = second.thenLevels(ALICE, Map.of(BOB, 10));
        merging(first, second, third).has(first.last());
    }

    @Test
    void powerLevelsDecideTopics() {
        Fork moderated = room.thenLevels(ALICE, Map.of(BOB, 50)).then(topic(ALICE, "before"));
        Fork topic = moderated.then(topic(BOB, "mine"));
        Fork demoted = moderated.thenLevels(ALICE, Map.of());
        merging(topic, demoted).has(demoted.last(), moderated.last());
    }

    @Test
    void joinRulesDecideMembers() {
        Fork left = room.then(CAROL.leaves());
        Fork joined = left.then(CAROL.joins());
        Fork closed = left.then(ALICE.setsJoinRule("invite"), ALICE.setsJoinRule("knock"));
        merging(joined, closed).has(closed.last(), left.last());
    }

    @Test
    void membersDecideTheRest() {
        Fork moderated = room.thenLevels(ALICE, Map.of(BOB, 50)).then(topic(ALICE, "before"));
        Fork topic = moderated.then(topic(BOB, "mine"));
        Fork kicked = moderated.then(ALICE.kicks(BOB));
        merging(topic, kicked).has(kicked.last(), moderated.last());
    }

    @Test
    void conflictsOfOnePassDoNotSeeEachOther() {
        Fork moderated = room.thenLevels(ALICE, Map.of(BOB, 50));
        Fork renamed = moderated.then(BOB.joins().withContent("displayname", "Robert"), BOB.kicks(CAROL));
        // Bob's membership is in conflict, so he counts as not in the room while Carol's is resolved.
        merging(moderated, renamed).has(renamed.memberEvent(BOB), moderated.memberEvent(CAROL));
    }

    @Test
    void unknownEventsTakeNoPart() {
        Fork shallow = room.thenAtDepth(10, topic(ALICE, "shallow"));
        Fork deep = room.thenAtDepth(11, topic(ALICE, "deep"));
        Fork lost = room.thenAtDepth(12, topic(ALICE, "lost"));
        room.story().lose(lost.last());
        merging(shallow, lost).has(shallow.last());
        merging(shallow, lost, deep).has(deep.last());
        room.story().lose(shallow.last());
        merging(shallow, lost).hasNothingFor(lost.last());
    }

    private static String sha1(Pdu event) {
        try {
            byte[] id = event.eventId().value().getBytes(UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(id));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
