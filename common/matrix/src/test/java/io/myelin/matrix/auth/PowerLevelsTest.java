package io.myelin.matrix.auth;

import static io.myelin.matrix.auth.TestRoom.aRoom;
import static io.myelin.matrix.auth.TestUser.ALICE;
import static io.myelin.matrix.auth.TestUser.BOB;
import static io.myelin.matrix.auth.TestUser.CAROL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.myelin.matrix.event.Pdu;
import org.junit.jupiter.api.Test;

class PowerLevelsTest {
    @Test
    void creatorHas100WithoutEventUpToVersion11() {
        for (int version = 1; version <= 11; version++) {
            TestRoom room = aRoom().version(version).createdBy(ALICE);
            assertThat(levels(room).user(ALICE.id())).isEqualTo(100);
            assertThat(levels(room).user(BOB.id())).isZero();
            assertThat(levels(room.withPowerLevels("{'users_default':7}")).user(ALICE.id()))
                    .isEqualTo(7);
        }
    }

    @Test
    void creatorUpToVersion10IsWhoTheContentNames() {
        for (int version = 1; version <= 10; version++) {
            TestRoom room = aRoom().version(version).createdBy(ALICE);
            assertThat(Creators.all(room.createEvent())).containsExactly(ALICE.id());
            assertThat(Creators.first(room.createEvent())).contains(ALICE.id());
        }
    }

    @Test
    void creatorsOfVersion12AreInfinitelyPowerful() {
        TestRoom room = aRoom().createContent("{'additional_creators':['@bob:one.example']}")
                .createdBy(ALICE)
                .withPowerLevels("{'users':{'@carol:two.example':100},'users_default':5}");
        assertThat(levels(room).user(ALICE.id())).isEqualTo(PowerLevels.INFINITE);
        assertThat(levels(room).user(BOB.id())).isEqualTo(PowerLevels.INFINITE);
        assertThat(levels(room).user(CAROL.id())).isEqualTo(100);
        assertThat(Creators.all(room.createEvent())).containsExactly(ALICE.id(), BOB.id());
    }

    @Test
    void additionalCreatorsMeanNothingBeforeVersion12() {
        TestRoom room = aRoom().version(11)
                .createContent("{'additional_creators':['@bob:one.example']}")
                .createdBy(ALICE);
        assertThat(levels(room).user(BOB.id())).isZero();
        assertThat(Creators.all(room.createEvent())).containsExactly(ALICE.id());
    }

    @Test
    void defaultsHoldWhereTheEventSaysNothing() {
        TestRoom room = aRoom().createdBy(ALICE);
        for (TestRoom each : new TestRoom[] {room, room.withPowerLevels("{}")}) {
            PowerLevels levels = levels(each);
            assertThat(levels.usersDefault()).isZero();
            assertThat(levels.eventsDefault()).isZero();
            assertThat(levels.stateDefault()).isEqualTo(50);
            assertThat(levels.ban()).isEqualTo(50);
            assertThat(levels.kick()).isEqualTo(50);
            assertThat(levels.redact()).isEqualTo(50);
            assertThat(levels.invite()).isZero();
            assertThat(levels.notification("room")).isEqualTo(50);
            assertThat(levels.required("m.room.message", false)).isZero();
            assertThat(levels.required("m.room.name", true)).isEqualTo(50);
        }
    }

    @Test
    void eventOverridesDefaults() {
        PowerLevels levels = levels(aRoom().createdBy(ALICE).withPowerLevels("""
                {'users':{'@bob:one.example':1},'users_default':2,'events':{'m.a':3},'events_default':4,
                'state_default':5,'ban':6,'kick':7,'redact':8,'invite':9,'notifications':{'room':10}}
                """));
        assertThat(levels.user(BOB.id())).isEqualTo(1);
        assertThat(levels.user(CAROL.id())).isEqualTo(2);
        assertThat(levels.required("m.a", true)).isEqualTo(3);
        assertThat(levels.required("m.b", false)).isEqualTo(4);
        assertThat(levels.required("m.b", true)).isEqualTo(5);
        assertThat(levels.ban()).isEqualTo(6);
        assertThat(levels.kick()).isEqualTo(7);
        assertThat(levels.redact()).isEqualTo(8);
        assertThat(levels.invite()).isEqualTo(9);
        assertThat(levels.notification("room")).isEqualTo(10);
        assertThat(levels.maySend(BOB.id(), "m.a", false)).isFalse();
        assertThat(levels.maySend(ALICE.id(), "m.a", false)).isTrue();
    }

    @Test
    void stringsAreNoLevelsFromVersion10On() {
        for (int version = 10; version <= 12; version++) {
            TestRoom room = aRoom().version(version).createdBy(ALICE);
            PowerLevels levels = levels(room.withPowerLevels("{'users':{'@bob:one.example':'75'},'ban':'99'}"));
            assertThat(levels.user(BOB.id())).isZero();
            assertThat(levels.ban()).isEqualTo(50);
        }
    }

    /** The rules allow no other redaction, see {@link AuthRulesTest}. */
    @Test
    void everyRedactionTakesEffectUpToVersion2() {
        TestRoom room = aRoom().version(2).createdBy(ALICE).withPowerLevels("{'users':{'@alice:one.example':50}}");
        Pdu ofCarol = room.event(CAROL.sends("m.room.message"));
        assertThat(levels(room).mayRedact(room.event(BOB.sends("m.room.redaction")), ofCarol))
                .isTrue();
    }

    @Test
    void noRedactionTakesEffectOnACreateEvent() {
        for (int version = 1; version <= 12; version++) {
            TestRoom room = aRoom().version(version).createdBy(ALICE);
            Pdu create = java.util.Objects.requireNonNull(room.authState().get("m.room.create", ""));
            assertThat(levels(room).mayRedact(room.event(ALICE.sends("m.room.redaction")), create))
                    .isFalse();
        }
    }

    @Test
    void redactionTakesEffectByPowerOrOnTheSameServerFromVersion3On() {
        for (int version = 3; version <= 12; version++) {
            redactionTakesEffectByPowerOrOnTheSameServer(
                    aRoom().version(version).createdBy(ALICE));
        }
    }

    private static void redactionTakesEffectByPowerOrOnTheSameServer(TestRoom created) {
        TestRoom room = created.withPowerLevels(
                created.version().creatorsHaveInfinitePower() ? "{}" : "{'users':{'@alice:one.example':50}}");
        Pdu ofBob = room.event(BOB.sends("m.room.message"));
        Pdu ofCarol = room.event(CAROL.sends("m.room.message"));
        PowerLevels levels = levels(room);
        assertThat(levels.mayRedact(room.event(ALICE.sends("m.room.redaction")), ofCarol))
                .isTrue();
        assertThat(levels.mayRedact(room.event(CAROL.sends("m.room.redaction")), ofCarol))
                .isTrue();
        assertThat(levels.mayRedact(room.event(CAROL.sends("m.room.redaction")), ofBob))
                .isFalse();
        TestRoom moderated = room.withPowerLevels("{'redact':30,'users':{'@carol:two.example':30}}");
        assertThat(levels(moderated).mayRedact(room.event(CAROL.sends("m.room.redaction")), ofBob))
                .isTrue();
    }

    @Test
    void roomWithoutCreateEventHasNoLevels() {
        assertThatIllegalStateException().isThrownBy(() -> PowerLevels.of((type, stateKey) -> null));
    }

    private static PowerLevels levels(TestRoom room) {
        return PowerLevels.of(room.authState());
    }
}
