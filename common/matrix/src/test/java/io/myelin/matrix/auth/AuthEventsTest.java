package io.myelin.matrix.auth;

import static io.myelin.matrix.auth.TestRoom.json;
import static io.myelin.matrix.auth.TestUser.ALICE;
import static io.myelin.matrix.auth.TestUser.BOB;
import static io.myelin.matrix.auth.TestUser.CAROL;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.matrix.state.StateKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The selection of auth events, and rule 3. */
@ParameterizedClass
@MethodSource("versions")
class AuthEventsTest extends InEveryVersion {
    private static final StateKey CREATE = new StateKey("m.room.create", "");
    private static final StateKey POWER_LEVELS = new StateKey("m.room.power_levels", "");
    private static final StateKey JOIN_RULES = new StateKey("m.room.join_rules", "");
    private static final StateKey ALICE_MEMBER = new StateKey("m.room.member", "@alice:one.example");
    private static final StateKey BOB_MEMBER = new StateKey("m.room.member", "@bob:one.example");

    AuthEventsTest(RoomVersion version) {
        super(version);
    }

    @Test
    void createEventCitesNothing() {
        assertThat(select(ALICE.sets("m.room.create", "", json("{}")))).isEmpty();
    }

    @Test
    void messageCitesPowerLevelsAndSender() {
        assertSelected(ALICE.sends("m.room.message"), POWER_LEVELS, ALICE_MEMBER);
    }

    @Test
    void membershipsCiteTargetAndJoinRules() {
        assertSelected(BOB.joins(), POWER_LEVELS, BOB_MEMBER, JOIN_RULES);
        assertSelected(BOB.knocks(), POWER_LEVELS, BOB_MEMBER, JOIN_RULES);
        assertSelected(ALICE.invites(BOB), POWER_LEVELS, ALICE_MEMBER, BOB_MEMBER, JOIN_RULES);
        assertSelected(ALICE.kicks(BOB), POWER_LEVELS, ALICE_MEMBER, BOB_MEMBER);
        assertSelected(ALICE.bans(BOB), POWER_LEVELS, ALICE_MEMBER, BOB_MEMBER);
        assertSelected(ALICE.member(BOB, "lurk"), POWER_LEVELS, ALICE_MEMBER, BOB_MEMBER);
    }

    @Test
    void restrictedJoinCitesWhoAuthorisesItFromVersion8On() {
        if (isUpTo(7)) {
            assertSelected(BOB.joinsAuthorisedBy(ALICE), POWER_LEVELS, BOB_MEMBER, JOIN_RULES);
        } else {
            assertSelected(BOB.joinsAuthorisedBy(ALICE), POWER_LEVELS, BOB_MEMBER, JOIN_RULES, ALICE_MEMBER);
        }
    }

    @Test
    void thirdPartyInviteCitesItsToken() {
        assertSelected(
                ALICE.invites(BOB).withContent("third_party_invite", json("{'signed':{'token':'t'}}")),
                POWER_LEVELS,
                ALICE_MEMBER,
                BOB_MEMBER,
                JOIN_RULES,
                new StateKey("m.room.third_party_invite", "t"));
    }

    @Test
    void aliasesCiteWhatAnyStateEventDoes() {
        assertSelected(ALICE.sets("m.room.aliases", "one.example", json("{}")), POWER_LEVELS, ALICE_MEMBER);
    }

    @Test
    void acceptsTheSelectedEvents() {
        TestRoom room = room().with(BOB.invited()).withJoinRule("invite").withPowerLevels("{}");
        Draft draft = BOB.joins();
        AuthResultAssert.assertThat(check(room, draft, selected(room, draft))).isAllowed();
    }

    @Test
    void leavesTheCreateEventToRule1() {
        TestRoom room = room();
        AuthResultAssert.assertThat(
                        AuthEventsRules.check(room.createEvent(), List.of(room.event(ALICE.joins())), _ -> true))
                .isAllowed();
    }

    @Test
    void rejectsTwoOfOneKey() {
        TestRoom room = room();
        var events = selected(room, ALICE.sends("m.room.message"));
        events.add(room.event(ALICE.joins()));
        AuthResultAssert.assertThat(check(room, ALICE.sends("m.room.message"), events))
                .isRejectedBy("3.1", version);
    }

    @Test
    void rejectsWhatIsNotSelected() {
        TestRoom room = room();
        var events = selected(room, ALICE.sends("m.room.message"));
        events.add(room.event(CAROL.joins()));
        AuthResultAssert.assertThat(check(room, ALICE.sends("m.room.message"), events))
                .isRejectedBy("3.2", version);
        events.set(events.size() - 1, room.event(ALICE.sends("m.room.message")));
        AuthResultAssert.assertThat(check(room, ALICE.sends("m.room.message"), events))
                .isRejectedBy("3.2", version);
    }

    @Test
    void citesTheCreateEventUpToVersion11Only() {
        TestRoom room = room();
        Draft draft = ALICE.sends("m.room.message");
        var withCreate = List.of(room.createEvent(), room.event(ALICE.joins()));
        var withoutCreate = List.of(room.event(ALICE.joins()));
        if (version.equals(RoomVersions.V12)) {
            AuthResultAssert.assertThat(check(room, draft, withCreate)).isRejectedBy("3.2");
            AuthResultAssert.assertThat(check(room, draft, withoutCreate)).isAllowed();
        } else {
            AuthResultAssert.assertThat(check(room, draft, withCreate)).isAllowed();
            AuthResultAssert.assertThat(check(room, draft, withoutCreate)).isRejectedBy("2.4");
        }
    }

    @Test
    void rejectsCitedEventThatWasRejected() {
        TestRoom room = room();
        Draft draft = ALICE.sends("m.room.message");
        AuthResultAssert.assertThat(AuthEventsRules.check(
                        room.event(draft),
                        selected(room, draft),
                        event -> event.type().equals("m.room.member")))
                .isRejectedBy("3.3", version);
    }

    @Test
    void rejectsCitedEventOfAnotherRoom() {
        TestRoom room = room();
        TestRoom other = TestRoom.aRoom().version(version).createdBy(CAROL);
        var events = new ArrayList<>(selected(room, ALICE.sends("m.room.message")));
        events.set(events.size() - 1, other.event(ALICE.joins()));
        AuthResultAssert.assertThat(check(room, ALICE.sends("m.room.message"), events))
                .isRejectedBy("3.4", version);
    }

    private void assertSelected(Draft draft, StateKey... expected) {
        var keys = new ArrayList<>(List.of(expected));
        if (!version.equals(RoomVersions.V12)) {
            keys.add(CREATE);
        }
        assertThat(select(draft)).containsExactlyInAnyOrderElementsOf(keys);
    }

    private List<StateKey> select(Draft draft) {
        return AuthEvents.select(draft.type(), draft.stateKey(), draft.sender(), draft.content(), version);
    }

    private List<Pdu> selected(TestRoom room, Draft draft) {
        return new ArrayList<>(AuthEvents.of(select(draft), room.authState()));
    }

    private static AuthResult check(TestRoom room, Draft draft, List<Pdu> authEvents) {
        return AuthEventsRules.check(room.event(draft), authEvents, _ -> false);
    }
}
