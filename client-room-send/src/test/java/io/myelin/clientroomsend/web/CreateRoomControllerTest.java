package io.myelin.clientroomsend.web;

import static io.myelin.clientroomsend.RunningWriter.ALICE;
import static io.myelin.clientroomsend.RunningWriter.BOB;
import static io.myelin.clientroomsend.RunningWriter.GUEST;
import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.clientroomsend.RunningWriter;
import io.myelin.contracts.room.CreateEvents;
import io.myelin.contracts.room.RoomCommand.ClaimAlias;
import io.myelin.contracts.room.RoomCommand.ConfirmAlias;
import io.myelin.contracts.room.RoomCommand.CreateRoom;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.room.RoomVersions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CreateRoomControllerTest {
    private static final RunningWriter writer = RunningWriter.shared();

    @BeforeEach
    void emptyServer() {
        writer.rooms().reset();
    }

    @Test
    void derivesRoomIdFromCreateEvent() {
        var roomId = writer.post("createRoom", "{}").ok().string("room_id");
        CreateRoom command = writer.rooms().only(CreateRoom.class);
        assertThat(command.version()).isEqualTo("12");
        var create = CreateEvents.template(RoomVersions.V12, null, ALICE, creation(command), command.timestamp())
                .unsigned();
        assertThat(roomId).contains(create.roomId().value());
        assertThat(command.room()).isEqualTo(create.roomId());
    }

    @Test
    void requiresBody() {
        writer.post("createRoom", "").isRefused(400, "M_NOT_JSON");
    }

    @Test
    void givesEveryRoomItsOwnId() {
        var first = writer.post("createRoom", "{}").ok().string("room_id");
        var second = writer.post("createRoom", "{}").ok().string("room_id");
        assertThat(first).isNotEqualTo(second);
    }

    @Test
    void choosesRoomIdUpToVersion11() {
        writer.post("createRoom", "{\"room_version\":\"10\",\"creation_content\":{\"creator\":\"@eve:x\"}}");
        CreateRoom command = writer.rooms().only(CreateRoom.class);
        assertThat(command.room().value()).matches("![A-Za-z]{18}:localhost");
        assertThat(creation(command).string("creator")).contains(ALICE.value());
        assertThat(creation(command).string("room_version")).contains("10");
    }

    @Test
    void carriesEveryOption() {
        writer.post("createRoom", """
            {"visibility":"public","name":"Pub","topic":"Beer","invite":["@bob:localhost","@bob:localhost"],
             "invite_3pid":[],"room_version":"11","creation_content":{"m.federate":false,"type":"m.space"},
             "initial_state":[{"type":"m.x","content":{"a":1}},{"type":"m.y","state_key":"k","content":{}}],
             "is_direct":true,"power_level_content_override":{"ban":10},"unknown":{}}
            """).ok();
        CreateRoom command = writer.rooms().only(CreateRoom.class);
        assertThat(command.published()).isTrue();
        assertThat(command.preset()).isEqualTo("public_chat");
        assertThat(command.direct()).isTrue();
        assertThat(command.name()).isEqualTo("Pub");
        assertThat(command.topic()).isEqualTo("Beer");
        assertThat(command.profile().displayName()).isEqualTo("ALICE");
        assertThat(command.invitees()).hasSize(1);
        assertThat(command.invitees().getFirst().user()).isEqualTo(BOB);
        assertThat(command.invitees().getFirst().profile()).isNotNull();
        assertThat(command.initialState())
                .extracting(entry -> entry.type() + "|" + entry.stateKey())
                .containsExactly("m.x|", "m.y|k");
        assertThat(creation(command).bool("m.federate")).contains(false);
        assertThat(creation(command).string("type")).contains("m.space");
        assertThat(creation(command).has("creator")).isFalse();
    }

    @Test
    void trustedInviteesOfVersion12AreCreators() {
        writer.post("createRoom", """
            {"preset":"trusted_private_chat","invite":["@bob:localhost","@carol:localhost"],
             "creation_content":{"additional_creators":["@bob:localhost"]}}
            """).ok();
        var creators = creation(writer.rooms().only(CreateRoom.class)).array("additional_creators");
        assertThat(creators.orElseThrow().strings()).containsExactly("@bob:localhost", "@carol:localhost");
    }

    @Test
    void claimsAliasBeforeRoom() {
        writer.post("createRoom", "{\"room_alias_name\":\"pub\"}").ok();
        assertThat(writer.rooms().received()).hasSize(3);
        ClaimAlias claim = (ClaimAlias) writer.rooms().received().getFirst().command();
        CreateRoom create = (CreateRoom) writer.rooms().received().get(1).command();
        assertThat(claim.alias().value()).isEqualTo("#pub:localhost");
        assertThat(claim.alias()).isEqualTo(create.alias());
        assertThat(claim.room()).isEqualTo(create.room());
        assertThat(claim.confirmed()).isFalse();
        assertThat(claim.lapses()).isGreaterThan(create.timestamp() + 60_000);
    }

    @Test
    void answersOnlyOnceTheAliasPointsToTheRoom() {
        writer.post("createRoom", "{\"room_alias_name\":\"pub\"}").ok();
        CreateRoom create = (CreateRoom) writer.rooms().received().get(1).command();
        assertThat(writer.rooms().received().getLast().command())
                .isEqualTo(new ConfirmAlias(RoomAlias.parse("#pub:localhost"), create.room(), ALICE));
    }

    @Test
    void rejectsAliasInUse() {
        writer.rooms().refuse(400, "M_ROOM_IN_USE");
        writer.post("createRoom", "{\"room_alias_name\":\"pub\"}").isRefused(400, "M_ROOM_IN_USE");
        assertThat(writer.rooms().received()).hasSize(1);
    }

    @Test
    void letsClaimLapseIfRoomIsRefused() {
        writer.rooms().accept();
        writer.rooms().refuse(400, "M_INVALID_ROOM_STATE");
        writer.post("createRoom", "{\"room_alias_name\":\"pub\"}").isRefused(400, "M_INVALID_ROOM_STATE");
        ClaimAlias released = (ClaimAlias) writer.rooms().received().getLast().command();
        assertThat(released.lapses()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "visibility",
                "room_alias_name",
                "name",
                "topic",
                "invite",
                "invite_3pid",
                "room_version",
                "creation_content",
                "initial_state",
                "preset",
                "is_direct",
                "power_level_content_override"
            })
    void rejectsWrongTypeInEveryField(String field) {
        writer.post("createRoom", "{\"" + field + "\":7}").isRefused(400, "M_BAD_JSON");
        assertThat(writer.rooms().received()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'invite':[1]} | 400 | M_BAD_JSON",
                "{'invite':['bob']} | 400 | M_INVALID_PARAM",
                "{'invite':['@alice:localhost']} | 400 | M_INVALID_PARAM",
                "{'invite':['@eve:elsewhere']} | 403 | M_FORBIDDEN",
                "{'invite_3pid':[1]} | 400 | M_BAD_JSON",
                "{'invite_3pid':[{}]} | 400 | M_MISSING_PARAM",
                "{'invite_3pid':[{'id_server':'x','medium':'email','address':'a@b'}]} | 400 | M_MISSING_PARAM",
                "{'room_version':'13'} | 400 | M_UNSUPPORTED_ROOM_VERSION",
                "{'visibility':'secret'} | 400 | M_INVALID_PARAM",
                "{'preset':'party'} | 400 | M_INVALID_PARAM",
                "{'room_alias_name':''} | 400 | M_INVALID_PARAM",
                "{'room_alias_name':'a:b'} | 400 | M_INVALID_PARAM",
                "{'initial_state':[1]} | 400 | M_BAD_JSON",
                "{'initial_state':[{'type':1,'content':{}}]} | 400 | M_BAD_JSON",
                "{'initial_state':[{'type':'m.x','content':1}]} | 400 | M_BAD_JSON",
                "{'initial_state':[{'type':'m.x','state_key':1,'content':{}}]} | 400 | M_BAD_JSON",
                "{'initial_state':[{'type':'m.x'}]} | 400 | M_MISSING_PARAM",
                "{'initial_state':[{'type':'m.room.create','content':{}}]} | 400 | M_INVALID_ROOM_STATE",
                "{'initial_state':[{'type':'m.room.canonical_alias','content':{'alias':'#a:localhost'}}]}"
                        + " | 400 | M_BAD_ALIAS",
                "{'creation_content':{'m.federate':1}} | 400 | M_BAD_JSON",
                "{'creation_content':{'type':1}} | 400 | M_BAD_JSON",
                "{'creation_content':{'additional_creators':['x']}} | 400 | M_INVALID_PARAM",
            })
    void rejectsWhatNoRoomCanBe(String body, int status, String errcode) {
        writer.post("createRoom", body.replace('\'', '"')).isRefused(status, errcode);
        assertThat(writer.rooms().received()).isEmpty();
    }

    @Test
    void rejectsGuests() {
        writer.as(GUEST, "POST", "createRoom", "{}").isRefused(403, "M_GUEST_ACCESS_FORBIDDEN");
    }

    private static JsonObject creation(CreateRoom command) {
        return JsonParser.parseObject(command.creationContent());
    }
}
