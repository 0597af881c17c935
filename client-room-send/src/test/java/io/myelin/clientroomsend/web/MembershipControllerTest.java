package io.myelin.clientroomsend.web;

import static io.myelin.clientroomsend.RunningWriter.ALICE;
import static io.myelin.clientroomsend.RunningWriter.BOB;
import static io.myelin.clientroomsend.RunningWriter.GUEST;
import static io.myelin.clientroomsend.RunningWriter.ROOM;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientroomsend.RunningWriter;
import io.myelin.contracts.room.MembershipAction;
import io.myelin.contracts.room.RoomCommand.ChangeMembership;
import io.myelin.contracts.room.RoomCommand.ForgetRoom;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MembershipControllerTest {
    private static final String IN_ROOM = "rooms/!room:localhost/";
    private static final RunningWriter writer = RunningWriter.shared();

    @BeforeEach
    void emptyServer() {
        writer.rooms().reset();
    }

    @Test
    void joinsByIdAndByAlias() {
        writer.rooms().alias(RoomAlias.parse("#pub:localhost"), ROOM);
        String query = "?server_name=a&via=b";
        assertThat(writer.post(IN_ROOM + "join", "").ok().string("room_id")).contains(ROOM.value());
        assertThat(writer.post("join/!room:localhost" + query, "{}").ok().string("room_id"))
                .contains(ROOM.value());
        assertThat(writer.post("join/%23pub:localhost" + query, "{\"reason\":\"thirst\"}")
                        .ok()
                        .string("room_id"))
                .contains(ROOM.value());
        assertThat(writer.rooms().received()).hasSize(3);
        var last = (ChangeMembership) writer.rooms().received().getLast().command();
        assertThat(last.room()).isEqualTo(ROOM);
        assertThat(last.action()).isEqualTo(MembershipAction.JOIN);
        assertThat(last.target()).isEqualTo(ALICE);
        assertThat(last.reason()).isEqualTo("thirst");
        assertThat(last.profile()).isNotNull();
    }

    @Test
    void passesOnThirdPartyProof() {
        writer.post(
                        IN_ROOM + "join",
                        "{\"third_party_signed\":{\"mxid\":\"@a:b\",\"sender\":\"@c:d\",\"token\":\"t\",\"signatures\":{}}}")
                .ok();
        byte[] extra = writer.rooms().only(ChangeMembership.class).extra();
        assertThat(extra).isNotNull();
        assertThat(new String(extra, StandardCharsets.UTF_8)).startsWith("{\"third_party_signed\":{");
        writer.post(IN_ROOM + "join", "{\"third_party_signed\":{}}").isRefused(400, "M_MISSING_PARAM");
    }

    @Test
    void passesOnWhatElseAClientWantsInItsMemberEvent() {
        writer.post(
                        IN_ROOM + "join",
                        "{\"foo\":\"bar\",\"reason\":\"thirst\",\"membership\":\"ban\",\"displayname\":\"x\"}")
                .ok();
        var join = writer.rooms().only(ChangeMembership.class);
        byte[] extra = join.extra();
        assertThat(extra).isNotNull();
        assertThat(new String(extra, StandardCharsets.UTF_8)).isEqualTo("{\"foo\":\"bar\"}");
        assertThat(join.reason()).isEqualTo("thirst");
    }

    @Test
    void rejectsJoinOfWhatIsNotThere() {
        writer.rooms().refuse(404, "M_NOT_FOUND");
        writer.post("join/!elsewhere:elsewhere", "{}").isRefused(404, "M_NOT_FOUND");
        writer.post("join/%23nowhere:localhost", "{}").isRefused(404, "M_NOT_FOUND");
        writer.post("join/%23pub:elsewhere", "{}").isRefused(404, "M_NOT_FOUND");
        writer.post("join/room", "{}").isRefused(400, "M_INVALID_PARAM");
        assertThat(writer.rooms().received()).hasSize(1);
    }

    @Test
    void restrictedJoinIsTriedAgainWithWhatItRestsOn() {
        RoomId space = RoomId.parse("!space:localhost");
        RoomId other = RoomId.parse("!other:localhost");
        writer.rooms()
                .room(ROOM, BOB)
                .state(ROOM, BOB, "m.room.join_rules", "", """
                    {"join_rule":"restricted","allow":[
                      {"type":"m.room_membership","room_id":"!space:localhost"},
                      {"type":"m.room_membership","room_id":"!other:localhost"},
                      {"type":"m.room_membership","room_id":7}, 1]}
                    """)
                .room(space, BOB)
                .state(space, ALICE, "m.room.member", ALICE.value(), "{\"membership\":\"join\"}")
                .room(other, BOB);
        writer.rooms().refuse(403, "M_FORBIDDEN");
        writer.post(IN_ROOM + "join", "{}").ok();
        var second = (ChangeMembership) writer.rooms().received().getLast().command();
        assertThat(writer.rooms().received()).hasSize(2);
        assertThat(second.joinedElsewhere())
                .extracting(elsewhere -> elsewhere.room())
                .containsExactly(space);
    }

    @Test
    void refusedJoinOfOrdinaryRoomIsNotTriedAgain() {
        writer.rooms().room(ROOM, BOB).refuse(403, "M_FORBIDDEN");
        writer.post(IN_ROOM + "join", "{}").isRefused(403, "M_FORBIDDEN");
        assertThat(writer.rooms().received()).hasSize(1);
    }

    @Test
    void guestsJoinOnlyWhereTheyMay() {
        writer.rooms().room(ROOM, BOB);
        writer.as(GUEST, "POST", IN_ROOM + "join", "{}").isRefused(403, "M_GUEST_ACCESS_FORBIDDEN");
        writer.rooms().state(ROOM, BOB, "m.room.guest_access", "", "{\"guest_access\":\"can_join\"}");
        writer.as(GUEST, "POST", IN_ROOM + "join", "{}").ok();
        var join = (ChangeMembership) writer.rooms().received().getLast().command();
        assertThat(new String(Objects.requireNonNull(join.extra()), StandardCharsets.UTF_8))
                .isEqualTo("{\"kind\":\"guest\"}");
    }

    @Test
    void knocksAndAnswersWithRoom() {
        assertThat(writer.post("knock/!room:localhost?via=x", "{\"reason\":\"please\"}")
                        .ok()
                        .string("room_id"))
                .contains(ROOM.value());
        assertThat(writer.rooms().only(ChangeMembership.class).action()).isEqualTo(MembershipAction.KNOCK);
    }

    @ParameterizedTest
    @CsvSource({"invite, INVITE", "kick, KICK", "ban, BAN", "unban, UNBAN"})
    void actsOnSomebodyElse(String endpoint, MembershipAction action) {
        writer.post(IN_ROOM + endpoint, "{\"user_id\":\"@bob:localhost\",\"reason\":\"why\"}")
                .ok();
        var command = writer.rooms().only(ChangeMembership.class);
        assertThat(command.action()).isEqualTo(action);
        assertThat(command.target()).isEqualTo(BOB);
        assertThat(command.reason()).isEqualTo("why");
    }

    @ParameterizedTest
    @ValueSource(strings = {"invite", "kick", "ban", "unban"})
    void rejectsActionWithoutProperTarget(String endpoint) {
        writer.post(IN_ROOM + endpoint, "{}").isRefused(400, "M_MISSING_PARAM");
        writer.post(IN_ROOM + endpoint, "{\"user_id\":1}").isRefused(400, "M_BAD_JSON");
        writer.post(IN_ROOM + endpoint, "{\"user_id\":\"bob\"}").isRefused(400, "M_INVALID_PARAM");
        writer.post(IN_ROOM + endpoint, "{\"user_id\":\"@bob:localhost\",\"reason\":{}}")
                .isRefused(400, "M_BAD_JSON");
        assertThat(writer.rooms().received()).isEmpty();
    }

    @Test
    void rejectsInvitationsThatCannotArrive() {
        writer.post(IN_ROOM + "invite", "{\"user_id\":\"@eve:elsewhere\"}").isRefused(403, "M_FORBIDDEN");
        writer.post(IN_ROOM + "invite", "{\"id_server\":\"x\",\"medium\":\"email\",\"address\":\"a@b\"}")
                .isRefused(400, "M_MISSING_PARAM");
        assertThat(writer.rooms().received()).isEmpty();
    }

    @Test
    void leavesAndForgets() {
        writer.post(IN_ROOM + "leave", "").ok();
        assertThat(writer.rooms().only(ChangeMembership.class).action()).isEqualTo(MembershipAction.LEAVE);
        writer.rooms().reset();
        writer.post(IN_ROOM + "forget", "").ok();
        assertThat(writer.rooms().only(ForgetRoom.class).user()).isEqualTo(ALICE);
        writer.rooms().refuse(400, "M_UNKNOWN");
        writer.post(IN_ROOM + "forget", "{}").isRefused(400, "M_UNKNOWN");
    }
}
