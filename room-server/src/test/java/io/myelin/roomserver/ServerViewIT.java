package io.myelin.roomserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.contracts.room.ReceivedPdu;
import io.myelin.contracts.room.RoomGraphQueries.EventAt;
import io.myelin.contracts.room.RoomGraphQueries.Gap;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.roomserver.federated.RemoteServer;
import io.myelin.roomserver.federated.StoryRoom;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What Bob's and Carol's servers see of Alice's room. */
class ServerViewIT {

    private static final RemoteServer ONE = RemoteServer.named("one.example");
    private static final RemoteServer TWO = RemoteServer.named("two.example:8448");
    private static final RemoteServer THREE = RemoteServer.named("three.example");
    private static final UserId ALICE = ONE.user("alice");
    private static final UserId BOB = TWO.user("bob");
    private static final UserId CAROL = THREE.user("carol");

    @AutoClose
    private static final RunningRoomServer server = new RunningRoomServer();

    private static int rooms;

    private final StoryRoom story = new StoryRoom(RoomVersions.V11, ++rooms, ALICE, ONE, TWO, THREE);
    private final AskingServer one = asking(ONE);
    private final AskingServer two = asking(TWO);
    private final AskingServer three = asking(THREE);

    private AskingServer asking(RemoteServer remote) {
        return new AskingServer(server, story, remote.name());
    }

    private Arrivals arrivals() {
        return new Arrivals(server, story.told());
    }

    private void arrives() {
        Arrivals arrivals = arrivals();
        arrivals.arrive(story.told().events());
        assertThat(arrivals.received.values()).allMatch(answer -> answer instanceof ReceivedPdu.Accepted);
    }

    @Test
    void whatOnlyMembersSawIsPrunedForWhoJoinedLater() {
        story.setsVisibility(ALICE, "joined");
        Pdu secret = story.says(ALICE, "secret");
        story.joins(BOB);
        Pdu hello = story.says(ALICE, "hello");
        arrives();
        assertThat(two.getsWhole(hello)).isTrue();
        assertThat(two.getsPruned(secret)).isTrue();
        assertThat(one.getsWhole(secret)).isTrue();
    }

    @Test
    void sharedHistoryIsSeenByWhoJoinedLater() {
        Pdu early = story.says(ALICE, "early");
        story.setsVisibility(ALICE, "shared");
        Pdu late = story.says(ALICE, "late");
        story.joins(BOB);
        arrives();
        assertThat(two.getsWhole(early)).isTrue();
        assertThat(two.getsWhole(late)).isTrue();
    }

    @Test
    void invitedServerSeesWhatCameAfterTheInvitationOnceItJoined() {
        story.setsVisibility(ALICE, "invited");
        Pdu before = story.says(ALICE, "before");
        story.invites(ALICE, BOB);
        Pdu between = story.says(ALICE, "between");
        arrives();
        assertThat(two.getsNothingOf(between)).isTrue();
        Pdu join = story.joins(BOB);
        arrives();
        assertThat(two.getsPruned(before)).isTrue();
        assertThat(two.getsWhole(between)).isTrue();
        assertThat(two.getsWhole(join)).isTrue();
    }

    @Test
    void changeOfVisibilityIsSeenFromEitherSide() {
        Pdu hides = story.setsVisibility(ALICE, "joined");
        Pdu topic = story.sets(ALICE, EventTypes.TOPIC, JsonObject.of("topic", "secret"));
        Pdu hidesStill = story.setsVisibility(ALICE, "invited");
        Pdu shows = story.setsVisibility(ALICE, "shared");
        Pdu join = story.joins(BOB);
        arrives();
        assertThat(two.sees(hides)).isTrue();
        assertThat(two.getsPruned(topic)).isTrue();
        assertThat(two.sees(hidesStill)).isFalse();
        assertThat(two.sees(shows)).isTrue();
        assertThat(two.sees(join)).isTrue();
    }

    @Test
    void serverSeesHowItsUsersComeAndGo() {
        story.setsVisibility(ALICE, "joined");
        Pdu invitation = story.invites(ALICE, BOB);
        Pdu join = story.joins(BOB);
        Pdu leave = story.leaves(BOB);
        Pdu again = story.joins(BOB);
        arrives();
        assertThat(two.sees(invitation)).isFalse();
        assertThat(two.sees(join)).isTrue();
        assertThat(two.sees(leave)).isTrue();
        assertThat(two.sees(again)).isTrue();
    }

    @Test
    void serverThatHasLeftGetsWhatItWasThereForAndNothingElse() {
        Pdu early = story.says(ALICE, "early");
        Pdu join = story.joins(BOB);
        Pdu hello = story.says(ALICE, "hello");
        Pdu leave = story.leaves(BOB);
        Pdu gone = story.says(ALICE, "gone");
        arrives();
        assertThat(two.takesPart()).isFalse();
        assertThat(two.backfilled().keySet())
                .containsExactlyInAnyOrder(join.eventId(), hello.eventId(), leave.eventId());
        assertThat(two.getsNothingOf(early)).isTrue();
        assertThat(two.getsNothingOf(gone)).isTrue();
        assertThat(two.nearestUntil(gone).map(EventAt::event)).contains(leave.eventId());
        assertThat(two.hasStateBefore(hello)).isTrue();
        assertThat(two.hasStateBefore(leave)).isTrue();
        assertThat(two.hasStateBefore(gone)).isFalse();
        assertThat(two.hasStateBefore(early)).isFalse();
    }

    @Test
    void strangerGetsNothingEvenOfAWorldReadableRoom() {
        story.setsVisibility(ALICE, "world_readable");
        story.invites(ALICE, CAROL);
        story.joins(BOB);
        Pdu hello = story.says(ALICE, "hello");
        arrives();
        assertThat(three.answers(hello)).isEmpty();
        assertThat(asking(RemoteServer.named("two.example")).answers(hello)).isEmpty();
        assertThat(asking(RemoteServer.named("8448")).answers(hello)).isEmpty();
        assertThat(two.getsWhole(hello)).isTrue();
    }

    @Test
    void deniedServerGetsNothing() {
        story.joins(BOB);
        Pdu hello = story.says(ALICE, "hello");
        arrives();
        assertThat(two.getsWhole(hello)).isTrue();
        JsonObject content =
                JsonObject.of("allow", JsonArray.of(Json.of("*"))).with("deny", JsonArray.of(Json.of("two.*")));
        story.sets(ALICE, EventTypes.SERVER_ACL, content);
        Pdu after = story.says(ALICE, "after");
        arrives();
        assertThat(two.answers(hello)).isEmpty();
        assertThat(two.answers(after)).isEmpty();
        assertThat(one.getsWhole(after)).isTrue();
    }

    @Test
    void redactedReadsSoForEverybody() {
        story.joins(BOB);
        Pdu spam = story.says(BOB, "spam");
        story.redacts(ALICE, spam);
        arrives();
        for (AskingServer each : List.of(one, two)) {
            assertThat(each.backfilled())
                    .hasEntrySatisfying(
                            spam.eventId(),
                            event -> assertThat(event.bytes())
                                    .isEqualTo(spam.redacted().bytes()));
            assertThat(server.graph().event(each.name(), spam.eventId()))
                    .contains(spam.redacted().bytes());
        }
        assertThat(server.graph().pdus(story.told().id(), List.of(spam.eventId())))
                .containsExactly(spam.redacted().bytes());
    }

    @Test
    void softFailedEventIsGivenLikeThoseAroundIt() {
        Pdu join = story.joins(BOB);
        Pdu carols = story.joins(CAROL);
        Pdu ban = story.bans(ALICE, BOB);
        Pdu before = story.after(carols).says(CAROL, "before");
        Pdu late = story.after(before).says(BOB, "too late");
        Pdu merge = story.after(late, ban).says(CAROL, "both");
        Arrivals arrivals = arrivals();
        List<Pdu> upToTheBan =
                story.told().events().subList(0, story.told().events().indexOf(ban) + 1);
        arrivals.arrive(upToTheBan);
        arrivals.arrive(List.of(before, late, merge));
        assertThat(arrivals.received.get(late.eventId())).isInstanceOf(ReceivedPdu.SoftFailed.class);
        assertThat(arrivals.received.get(merge.eventId())).isInstanceOf(ReceivedPdu.Accepted.class);
        assertThat(one.backfilled()).containsKeys(before.eventId(), join.eventId(), late.eventId());
        assertThat(one.missing(new Gap(List.of(ban.eventId(), carols.eventId()), List.of(merge.eventId()), 10, 0)))
                .containsOnlyKeys(before.eventId(), late.eventId());
        assertThat(one.sees(late)).isTrue();
    }

    @Test
    void eachSideOfAForkHasItsVisibility() {
        Pdu root = story.setsVisibility(ALICE, "joined");
        Pdu shares = story.setsVisibility(ALICE, "shared");
        Pdu open = story.says(ALICE, "open");
        Pdu topic = story.after(root).sets(ALICE, EventTypes.TOPIC, JsonObject.of("topic", "secret"));
        Pdu invites = story.setsVisibility(ALICE, "invited");
        Pdu secret = story.says(ALICE, "secret");
        story.after(open, secret).joins(BOB);
        arrives();
        assertThat(two.sees(shares)).isTrue();
        assertThat(two.getsWhole(open)).isTrue();
        assertThat(two.getsPruned(topic)).isTrue();
        assertThat(two.sees(invites)).isFalse();
        assertThat(two.getsPruned(secret)).isTrue();
    }

    @Test
    void memberOnOneSideOfAForkSeesThatSide() {
        Pdu root = story.setsVisibility(ALICE, "joined");
        Pdu join = story.joins(BOB);
        Pdu seen = story.says(ALICE, "with Bob");
        Pdu other = story.after(root).says(ALICE, "without Bob");
        Pdu merge = story.after(seen, other).says(ALICE, "both");
        arrives();
        assertThat(two.sees(join)).isTrue();
        assertThat(two.getsWhole(seen)).isTrue();
        assertThat(two.getsPruned(other)).isTrue();
        assertThat(two.getsWhole(merge)).isTrue();
    }

    @Test
    void outlierIsGivenToWhoTakesPartIfItIsState() {
        story.joins(BOB);
        arrives();
        Pdu topic = story.sets(ALICE, EventTypes.TOPIC, JsonObject.of("topic", "elsewhere"));
        Pdu message = story.says(ALICE, "elsewhere");
        assertThat(arrivals().asOutliers(List.of(topic, message)))
                .allMatch(answer -> answer instanceof ReceivedPdu.Accepted);
        assertThat(two.sees(topic)).isTrue();
        assertThat(two.sees(message)).isFalse();
        assertThat(three.sees(topic)).isFalse();
        assertThat(two.hasStateBefore(topic)).isFalse();
        assertThat(two.authChain(topic)).isPresent();
        assertThat(two.backfilledFrom(message)).doesNotContainKeys(topic.eventId(), message.eventId());
    }

    @Test
    void eventOfAnotherRoomIsNoneOfThisOne() {
        Pdu hello = story.says(ALICE, "hello");
        arrives();
        StoryRoom another = new StoryRoom(RoomVersions.V10, ++rooms, ALICE, ONE);
        new Arrivals(server, another.told()).arrive(another.told().events());
        assertThat(server.graph().backfill(another.told().id(), ONE.name(), List.of(hello.eventId()), 10))
                .isEmpty();
        assertThat(server.graph().pdus(another.told().id(), List.of(hello.eventId())))
                .isEmpty();
        assertThat(server.graph().authChain(another.told().id(), ONE.name(), hello.eventId()))
                .isEmpty();
    }
}
