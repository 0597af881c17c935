package io.myelin.matrix.resolution;

import static io.myelin.matrix.auth.TestUser.ALICE;
import static io.myelin.matrix.auth.TestUser.BOB;
import static io.myelin.matrix.auth.TestUser.CAROL;
import static io.myelin.matrix.auth.TestUser.DAVE;
import static io.myelin.matrix.auth.TestUser.EVE;
import static io.myelin.matrix.resolution.Fork.topic;
import static io.myelin.matrix.resolution.Story.aRoom;
import static io.myelin.matrix.resolution.Story.merging;
import static io.myelin.matrix.resolution.Story.resolving;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.ResolutionAlgorithm;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.matrix.state.StateMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Version 2 of the algorithm and its successor resolve forks with honest states to the same state. */
@ParameterizedClass
@MethodSource("versions")
class StateResolutionTest {
    private final RoomVersion version;
    private final Fork room;

    StateResolutionTest(RoomVersion version) {
        this.version = version;
        this.room = aRoom(version).createdBy(ALICE).then(ALICE.setsJoinRule("public"), BOB.joins(), CAROL.joins());
    }

    static List<RoomVersion> versions() {
        return List.of(
                RoomVersions.V11,
                resolving(RoomVersions.V11, ResolutionAlgorithm.V2_1),
                resolving(RoomVersions.V12, ResolutionAlgorithm.V2),
                RoomVersions.V12);
    }

    @Test
    void aSingleStateIsItsOwnResolution() {
        assertThat(merging(room).state()).isSameAs(room.state());
        assertThat(merging(room, room, room).state()).isEqualTo(room.state());
    }

    @Test
    void keepsWhatOnlyOneForkHas() {
        Fork left = room.then(topic(ALICE, "tea"));
        Fork right = room.then(ALICE.sets("m.room.name", "", JsonObject.EMPTY));
        merging(left, right).has(left.last(), right.last());
    }

    @Test
    void resolvesMoreThanTwoForks() {
        Fork kick = room.then(ALICE.kicks(CAROL));
        Fork early = room.then(topic(ALICE, "early"));
        Fork late = room.then(topic(ALICE, "late"));
        merging(kick, late, early).has(kick.last(), late.last());
    }

    @Nested
    class Membership {
        @Test
        void banWinsOverJoinOnAnotherFork() {
            Fork left = room.then(BOB.leaves());
            Fork rejoined = left.then(BOB.joins());
            Fork banned = left.then(ALICE.bans(BOB));
            merging(rejoined, banned).has(banned.last());
            merging(banned, rejoined).has(banned.last());
        }

        @Test
        void banWinsOverWhatTheBannedDidMeanwhile() {
            Fork moderated = room.thenLevels(ALICE, Map.of(BOB, 50));
            Fork banned = moderated.then(ALICE.bans(BOB));
            Fork active = moderated.then(topic(BOB, "mine"), BOB.kicks(CAROL));
            merging(banned, active)
                    .has(banned.last(), moderated.memberEvent(CAROL))
                    .hasNothingFor(active.current("m.room.topic", ""));
        }

        @Test
        void rejoinAfterTheBanWasLiftedStands() {
            Fork banned = room.then(ALICE.bans(BOB));
            Fork rejoined = banned.then(ALICE.kicks(BOB), BOB.joins());
            merging(banned, rejoined).has(rejoined.last());
        }

        @Test
        void laterOfTwoOwnChangesStands() {
            Fork left = room.then(BOB.leaves());
            Fork renamed = room.then(BOB.joins().withContent("displayname", "Robert"));
            merging(renamed, left).has(renamed.last());
        }

        /** MSC1442's "Hotel California": a room that users could not leave for good. */
        @Test
        void whoHasLeftAgainStaysOut() {
            Fork left = room.then(BOB.leaves());
            Fork back = left.then(BOB.joins());
            Fork leftAgain = back.then(BOB.leaves());
            merging(left, leftAgain).has(leftAgain.last());
            merging(leftAgain, back).has(leftAgain.last());
            merging(back, left, leftAgain).has(leftAgain.last());
        }

        @Test
        void joinOutlivesTheInvitationItRestsOn() {
            Fork closed = room.then(ALICE.setsJoinRule("invite"), CAROL.leaves());
            Fork invited = closed.then(ALICE.invites(CAROL));
            Fork joined = invited.then(CAROL.joins());
            merging(closed, joined).has(joined.last());
            merging(invited, joined).has(joined.last());
        }
    }

    @Nested
    class JoinRules {
        @Test
        void closingTheRoomWinsOverJoinsOnAnotherFork() {
            Fork open = room.then(CAROL.leaves());
            Fork closed = open.then(ALICE.setsJoinRule("invite"));
            Fork joined = open.then(CAROL.joins());
            merging(closed, joined).has(closed.last(), open.memberEvent(CAROL));
        }

        @Test
        void closingTheRoomLeavesThoseWhoWereIn() {
            Fork closed = room.then(ALICE.setsJoinRule("invite"));
            Fork renamed = room.then(CAROL.joins().withContent("displayname", "Caroline"));
            merging(closed, renamed).has(closed.last(), renamed.last());
        }

        @Test
        void laterOfTwoStands() {
            Fork closed = room.then(ALICE.setsJoinRule("invite"));
            Fork knocking = room.then(ALICE.setsJoinRule("knock"));
            merging(closed, knocking).has(knocking.last());
        }
    }

    @Nested
    class Power {
        @Test
        void greaterPowerGoesFirst() {
            Fork moderated = room.thenLevels(ALICE, Map.of(BOB, 50, CAROL, 50));
            Fork byModerator = moderated.thenLevels(BOB, Map.of(BOB, 50, CAROL, 50, DAVE, 10));
            Fork byCreator = moderated.thenLevels(ALICE, Map.of(BOB, 0, CAROL, 50));
            merging(byModerator, byCreator).has(byCreator.last());
        }

        @Test
        void equalsCannotDemoteEachOther() {
            Fork administered = room.thenLevels(ALICE, Map.of(BOB, 90, CAROL, 90));
            Fork bobs = administered.thenLevels(BOB, Map.of(BOB, 90, CAROL, 0));
            Fork carols = administered.thenLevels(CAROL, Map.of(BOB, 0, CAROL, 90));
            merging(bobs, administered, carols).has(administered.last());
        }

        @Test
        void ofTwoWhoDemoteEachOtherTheMorePowerfulWins() {
            Fork administered = room.thenLevels(ALICE, Map.of(BOB, 80, CAROL, 90));
            Fork bobs = administered.thenLevels(BOB, Map.of(BOB, 80, CAROL, 0));
            Fork carols = administered.thenLevels(CAROL, Map.of(BOB, 0, CAROL, 90));
            merging(bobs, carols).has(carols.last());
        }

        @Test
        void earlierOfTwoWarringModeratorsWins() {
            Fork moderated = room.thenLevels(ALICE, Map.of(BOB, 60, CAROL, 60));
            Fork first = moderated.thenLevels(BOB, Map.of(BOB, 60, CAROL, 60, DAVE, 60));
            Fork second = moderated.thenLevels(CAROL, Map.of(BOB, 60, CAROL, 60, DAVE, 10));
            // The second cannot take from Dave the level that the first has given him, since he is not below its
            // sender.
            merging(second, first).has(first.last());
        }

        @Test
        void promotionsOfOneForkAreReplayedInTheirOrder() {
            Fork first = room.thenLevels(ALICE, Map.of(BOB, 50));
            Fork last = first.thenLevels(BOB, Map.of(BOB, 50, CAROL, 50)).then(topic(CAROL, "promoted"));
            merging(first, last).has(last.last(), last.current("m.room.power_levels", ""));
        }

        @Test
        void demotionTakesAwayTopicsSetMeanwhile() {
            Fork moderated = room.thenLevels(ALICE, Map.of(BOB, 50));
            Fork demoted = moderated.thenLevels(ALICE, Map.of());
            Fork topic = moderated.then(topic(BOB, "mine"));
            merging(demoted, topic).has(demoted.last()).hasNothingFor(topic.last());
        }
    }

    /** The worked examples of MSC1442. */
    @Nested
    class Mainline {
        @Test
        void topicThatRestsOnLaterPowerLevelsWins() {
            Fork first = room.thenLevels(ALICE, Map.of(BOB, 50));
            Fork left = first.then(topic(ALICE, "2")).thenLevels(ALICE, Map.of());
            Fork right = first.thenLevels(BOB, Map.of(BOB, 50, CAROL, 0)).then(topic(BOB, "3"));
            Resolved message2 = merging(left, right);
            message2.has(left.last(), left.current("m.room.topic", ""));

            // By Alice's clock the fourth topic is the earliest.
            Fork topic4 = left.thenAt(1, topic(ALICE, "4"));
            Fork merged = right.resolvedTo(message2.state());
            if (version.resolutionAlgorithm() == ResolutionAlgorithm.V2) {
                merging(merged, topic4).has(topic4.last());
            } else {
                // The power levels are not replayed, so there is no mainline, and the clock decides.
                merging(merged, topic4).has(left.current("m.room.topic", ""));
            }
        }

        @Test
        void rejectedEventMayBecomeStateLater() {
            Fork moderated = room.thenLevels(ALICE, Map.of(BOB, 50));
            Fork demoted = moderated.thenLevels(ALICE, Map.of());
            Fork topic = demoted.thenCiting(moderated, topic(BOB, "rejected"));
            topic.story().reject(topic.last());
            Fork promotedAgain = demoted.thenLevels(ALICE, Map.of(BOB, 50));
            merging(topic, promotedAgain).has(promotedAgain.last(), topic.last());
        }

        @Test
        void topicThatRestsOffTheMainlineIsTheEarlier() {
            Fork first = room.thenLevels(ALICE, Map.of(BOB, 50));
            Fork second = first.thenLevels(ALICE, Map.of(BOB, 50, CAROL, 10));
            Fork onMainline = second.then(topic(ALICE, "on the mainline"));
            Fork offMainline = room.then(topic(ALICE, "before there were power levels"));
            merging(offMainline, onMainline).has(onMainline.last());
            merging(onMainline, offMainline).has(onMainline.last());
        }

        @Test
        void amongTopicsOfOneEpochTheLatestWins() {
            Fork late = room.thenAt(5_000_000, topic(ALICE, "late"));
            Fork early = room.thenAt(4_000_000, topic(ALICE, "early"));
            merging(late, early).has(late.last());
        }

        @Test
        void amongTopicsOfOneTimeTheGreatestIdWins() {
            Pdu one = room.thenAt(5_000_000, topic(ALICE, "one")).last();
            Pdu two = room.thenAt(5_000_000, topic(ALICE, "two")).last();
            Pdu greater = one.eventId().compareTo(two.eventId()) > 0 ? one : two;
            merging(room.with(one), room.with(two)).has(greater);
            merging(room.with(two), room.with(one)).has(greater);
        }
    }

    @Nested
    class WhatIsMissing {
        @Test
        void unknownEventsTakeNoPart() {
            Fork known = room.then(topic(ALICE, "known"));
            Fork lost = room.then(topic(ALICE, "lost"), ALICE.sets("m.room.name", "", JsonObject.EMPTY));
            room.story().lose(lost.current("m.room.topic", ""));
            room.story().lose(lost.last());
            merging(known, lost).has(known.last()).hasNothingFor(lost.last());
        }

        @Test
        void eventWhoseAuthEventsAreUnknownIsJudgedByTheState() {
            Fork rename = room.then(ALICE.joins().withContent("displayname", "Al"));
            Fork topic = room.then(topic(ALICE, "judged"));
            room.story().lose(room.memberEvent(ALICE));
            merging(topic, rename).has(rename.last(), topic.last());
        }

        @Test
        void rejectedAuthEventPermitsNothing() {
            Fork closed = room.then(ALICE.setsJoinRule("invite"));
            Fork invited = closed.then(EVE.invites(DAVE));
            Fork joined = invited.then(DAVE.joins());
            merging(closed, joined).has(joined.last()); // Eve is a stranger, but her invitation counts as accepted

            room.story().reject(invited.last());
            merging(closed, joined).hasNothingFor(joined.last());
        }

        @Test
        void citedMessageTakesNoPart() {
            Pdu message = room.then(ALICE.sends("m.room.message")).last();
            Fork topic = room.thenCiting(List.of(room.create(), room.memberEvent(ALICE), message), topic(ALICE, "tea"));
            merging(room, topic).has(topic.last());
        }

        @Test
        void stateOfNothingGivesTheOthers() {
            Fork nothing = room.resolvedTo(StateMap.empty());
            merging(nothing, room).has(room.last(), room.create());
        }
    }
}
