package io.myelin.clientroomsend.upgrade;

import static io.myelin.clientroomsend.RunningWriter.ALICE;
import static io.myelin.clientroomsend.RunningWriter.BOB;
import static io.myelin.clientroomsend.RunningWriter.ROOM;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientroomsend.FakeRooms;
import io.myelin.clientroomsend.lookup.RoomState;
import io.myelin.clientroomsend.lookup.RoomStates;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.matrix.state.StateKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CopiedPowerLevelsTest {
    private final FakeRooms rooms = new FakeRooms();

    @Test
    void staysAsItIs() {
        String levels = "{'users':{'@alice:localhost':500},'users_default':3,'x':{'y':1}}";
        CopiedPowerLevels copied = copied("10", levels, RoomVersions.V11, ALICE);
        assertThat(copied.afterwards()).isEqualTo(json(levels));
        assertThat(copied.atCreation()).isEqualTo(copied.afterwards());
    }

    @Test
    void raisesWhoHasTooLittlePowerToMakeTheRoom() {
        String levels = "{'users':{'@bob:localhost':50},'events':{'m.room.power_levels':100,'m.room.tombstone':50}}";
        CopiedPowerLevels copied = copied("10", levels, RoomVersions.V11, BOB);
        assertThat(copied.afterwards()).isEqualTo(json(levels));
        assertThat(copied.atCreation().object("users")).contains(json("{'@bob:localhost':100}"));
        assertThat(copied.atCreation().without("users"))
                .isEqualTo(copied.afterwards().without("users"));
    }

    @Test
    void levelsThatNoStateNeedsRaiseNobody() {
        String levels = "{'users':{'@bob:localhost':50},'events':{'m.room.topic':100}}";
        CopiedPowerLevels copied = copied("10", levels, RoomVersions.V11, BOB);
        assertThat(copied.atCreation()).isEqualTo(json(levels));
    }

    @Test
    void creatorsOfVersion12AreNotNamed() {
        String levels = "{'users':{'@alice:localhost':100,'@bob:localhost':50,'@carol:localhost':10},"
                + "'events':{'m.room.tombstone':100}}";
        var state = state("10", levels);
        CopiedPowerLevels copied = CopiedPowerLevels.of(state, RoomVersions.V12, BOB, Set.of(BOB, ALICE), List.of())
                .orElseThrow();
        assertThat(copied.atCreation().object("users")).contains(json("{'@carol:localhost':10}"));
        assertThat(copied.afterwards()).isEqualTo(copied.atCreation());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'events':{'m.room.tombstone':100}} | 100",
                "{'events':{'m.room.tombstone':50}} | 150",
                "{'state_default':200} | 201",
                "{} | 150",
            })
    void endingARoomOfVersion12TakesMoreThanItsState(String levels, long expected) {
        JsonObject copied = copied("10", levels, RoomVersions.V12, ALICE).afterwards();
        assertThat(copied.object("events").orElseThrow().integer("m.room.tombstone"))
                .hasValue(expected);
    }

    @Test
    void creatorsWhoStoodAboveAllGetTheHighestLevelWhereNobodyDoes() {
        String levels = "{'users':{'@bob:localhost':50},'events':{'m.room.tombstone':150}}";
        CopiedPowerLevels copied = copied("12", levels, RoomVersions.V11, ALICE);
        assertThat(copied.afterwards().object("users")).contains(json("{'@bob:localhost':50,'@alice:localhost':150}"));
        assertThat(copied.atCreation()).isEqualTo(copied.afterwards());
    }

    @Test
    void textBecomesTheLevelThatItMeant() {
        String levels = "{'users':{'@alice:localhost':'100','bob':1},'ban':'60','kick':'much','events':[],"
                + "'notifications':{'room':'20'}}";
        assertThat(copied("6", levels, RoomVersions.V11, ALICE).afterwards())
                .isEqualTo(json("{'users':{'@alice:localhost':100},'ban':60,'kick':50,'events':{},"
                        + "'notifications':{'room':20}}"));
    }

    @Test
    void aRoomWithoutLevelsHasNoneToCopy() {
        rooms.room(ROOM, ALICE, "10");
        assertThat(CopiedPowerLevels.of(state(), RoomVersions.V11, ALICE, Set.of(ALICE), List.of()))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | 50 | 50",
                "{'users_default':80} | 81 | 81",
                "{'events_default':70} | 70 | 50",
                "{'invite':100} | 50 | 100",
            })
    void ordinaryMembersNeitherTalkNorInviteInWhatIsLeft(String levels, long events, long invite) {
        JsonObject restricted = NormalisedPowerLevels.of(state("10", levels))
                .flatMap(NormalisedPowerLevels::restricted)
                .orElseThrow();
        assertThat(restricted.integer("events_default")).hasValue(events);
        assertThat(restricted.integer("invite")).hasValue(invite);
    }

    private CopiedPowerLevels copied(String old, String levels, RoomVersion version, UserId user) {
        return CopiedPowerLevels.of(state(old, levels), version, user, Set.of(user), List.of("m.room.name"))
                .orElseThrow();
    }

    private RoomState state(String version, String levels) {
        rooms.room(ROOM, ALICE, version).state(ROOM, ALICE, "m.room.power_levels", "", levels.replace('\'', '"'));
        return state();
    }

    private RoomState state() {
        return new RoomStates(rooms)
                .current(ROOM, new StateKey("m.room.power_levels", ""))
                .orElseThrow();
    }

    private static JsonObject json(String text) {
        return JsonParser.parseObject(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
