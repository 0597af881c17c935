package io.myelin.roomserver.decide;

import static java.util.Objects.requireNonNull;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.account.Profile;
import io.myelin.contracts.room.CreateEvents;
import io.myelin.contracts.room.Requester;
import io.myelin.contracts.room.RoomCommand.ConfirmAlias;
import io.myelin.contracts.room.RoomCommand.CreateRoom;
import io.myelin.contracts.room.RoomCommand.Invitee;
import io.myelin.contracts.room.RoomTopics;
import io.myelin.contracts.room.StateEntry;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Moment;
import io.myelin.engine.shard.Order;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.matrix.state.StateKey;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.EventDraft;
import io.myelin.roomserver.room.EventSigner;
import io.myelin.roomserver.room.Refusal;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.room.RoomEdit;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.room.UserEntity;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes a new room with all its first events. Client-server API, {@code POST /createRoom}; the numbers are those of its
 * list.
 */
final class CreateRoomDecision {

    private static final StateKey POWER_LEVELS = new StateKey(EventTypes.POWER_LEVELS, "");

    private final EventSigner signer;
    private final int shardCount;

    CreateRoomDecision(EventSigner signer, int shardCount) {
        this.signer = signer;
        this.shardCount = shardCount;
    }

    List<Handler<?>> handlers() {
        return List.of(Handler.of(
                        CreateRoom.class,
                        create -> Handler.roomAndUser(create, create.requester().user()),
                        this::decide)
                .forClients());
    }

    Decision<RoomEntity, RoomChange> decide(Known known, CreateRoom command, Moment moment) {
        RoomVersion version = RoomVersions.find(command.version())
                .orElseThrow(() ->
                        new Refusal(400, "M_UNSUPPORTED_ROOM_VERSION", "This server does not know that room version."));
        known.requireFree(command.room());
        if (known.find(command.room()).isPresent()) {
            throw new Refusal(400, "M_ROOM_IN_USE", "There is a room of this ID already.");
        }
        UserEntity creator = known.user(command.requester().user());
        JsonObject creation = checkedCreation(command, version, creator.user());
        Preset preset = Preset.parse(command.preset());
        RoomEdit edit = RoomEdit.create( // 1
                command.room(),
                command.requester(),
                CreateEvents.template(version, command.room(), creator.user(), creation, command.timestamp()),
                signer,
                moment,
                known.stateEvents());
        try {
            fill(edit, command, creator, preset);
        } catch (Refusal refusal) {
            throw refusal.error().status() == 403 ? invalidState(refusal) : refusal;
        }
        edit.publish(command.published());
        return outcome(edit, command, creator);
    }

    private void fill(RoomEdit edit, CreateRoom command, UserEntity creator, Preset preset) {
        Requester requester = command.requester();
        UserId user = creator.user();
        Profile profile = creator.newest(command.profile());
        JsonObject joined = JsonObject.of("membership", Membership.JOIN.value());
        edit.append( // 2
                requester,
                EventDraft.state(
                        user,
                        EventTypes.MEMBER,
                        user.value(),
                        MemberEvents.withProfile(joined, Membership.JOIN, profile)));
        Map<StateKey, JsonObject> wanted = initialState(command);
        JsonObject asked = wanted.remove(POWER_LEVELS);
        JsonObject levels = preset.powerLevels(edit.room(), asked, invitees(command));
        JsonObject override = EventContent.parseOrEmpty(command.powerLevelOverride());
        set(edit, requester, EventTypes.POWER_LEVELS, overridden(levels, override)); // 3
        RoomAlias alias = command.alias();
        if (alias != null) {
            set(edit, requester, EventTypes.CANONICAL_ALIAS, JsonObject.of("alias", alias.value())); // 4
        }
        preset.state().forEach((type, content) -> { // 5
            if (!wanted.containsKey(new StateKey(type, ""))) {
                set(edit, requester, type, content);
            }
        });
        wanted.forEach((key, content) -> { // 6
            EventContent.checkState(edit.room(), key.type(), content);
            edit.append(requester, EventDraft.state(user, key.type(), key.stateKey(), content));
        });
        if (command.name() != null) {
            set(edit, requester, EventTypes.NAME, JsonObject.of("name", command.name())); // 7
        }
        if (command.topic() != null) {
            set(edit, requester, EventTypes.TOPIC, topic(command.topic())); // 7
        }
        Set<UserId> invited = new HashSet<>();
        for (Invitee invitee : command.invitees()) { // 8
            if (invited.add(invitee.user())) {
                invite(edit, command, invitee);
            }
        }
    }

    private static void set(RoomEdit edit, Requester requester, String type, JsonObject content) {
        EventContent.checkState(edit.room(), type, content);
        edit.append(requester, EventDraft.state(requester.user(), type, "", content));
    }

    private static void invite(RoomEdit edit, CreateRoom command, Invitee invitee) {
        if (UserId.tryParse(invitee.user().value()).isEmpty()) {
            throw new Refusal(MatrixError.invalidParam("'invite' must have user IDs only."));
        }
        JsonObject invite = JsonObject.of("membership", Membership.INVITE.value());
        JsonObject direct = command.direct() ? invite.with("is_direct", true) : invite;
        edit.append(
                command.requester(),
                EventDraft.state(
                        command.requester().user(),
                        EventTypes.MEMBER,
                        invitee.user().value(),
                        MemberEvents.withProfile(direct, Membership.INVITE, invitee.profile())));
    }

    private static JsonObject checkedCreation(CreateRoom command, RoomVersion version, UserId creator) {
        JsonObject creation = EventContent.parse(command.creationContent());
        if (creation.string("room_version").filter(version.id()::equals).isEmpty()) {
            throw EventContent.badJson("The create event must name the room's version.");
        }
        if (version.creatorInContent()
                && creation.string("creator").filter(creator.value()::equals).isEmpty()) {
            throw EventContent.badJson("The create event must name the room's creator.");
        }
        return creation;
    }

    private static Map<StateKey, JsonObject> initialState(CreateRoom command) {
        Map<StateKey, JsonObject> wanted = new LinkedHashMap<>();
        for (StateEntry entry : command.initialState()) {
            EventContent.checkNames(entry.type(), entry.stateKey());
            if (entry.type().equals(EventTypes.MEMBER) || entry.type().equals(EventTypes.CREATE)) {
                throw new Refusal(
                        400, "M_INVALID_ROOM_STATE", "'initial_state' cannot have events of type " + entry.type());
            }
            wanted.put(new StateKey(entry.type(), entry.stateKey()), EventContent.parse(entry.content()));
        }
        if (command.name() != null) {
            wanted.remove(new StateKey(EventTypes.NAME, ""));
        }
        if (command.topic() != null) {
            wanted.remove(new StateKey(EventTypes.TOPIC, ""));
        }
        return wanted;
    }

    private static List<UserId> invitees(CreateRoom command) {
        return command.invitees().stream().map(Invitee::user).toList();
    }

    /** The override replaces top-level members as a whole. */
    private static JsonObject overridden(JsonObject levels, JsonObject override) {
        JsonObject result = levels;
        for (String name : override.names()) {
            result = result.with(name, requireNonNull(override.get(name)));
        }
        return result;
    }

    private static JsonObject topic(String topic) {
        JsonObject text = JsonObject.of("body", topic).with("mimetype", "text/plain");
        return JsonObject.of("topic", topic).with("m.topic", JsonObject.of("m.text", JsonArray.of(text)));
    }

    private static Refusal invalidState(Refusal refusal) {
        return new Refusal(400, "M_INVALID_ROOM_STATE", refusal.error().error());
    }

    private Decision<RoomEntity, RoomChange> outcome(RoomEdit edit, CreateRoom command, UserEntity creator) {
        Room room = edit.room();
        Map<String, RoomEntity> changes = new HashMap<>();
        changes.put(EntityKey.of(room.id()), room);
        boolean isJoined = room.membership(creator.user()) == Membership.JOIN;
        changes.put(EntityKey.of(creator.user()), creator.in(room.id(), isJoined));
        RoomAlias alias = command.alias();
        List<Order> orders = alias == null
                ? List.of()
                : List.of(new Order(
                        RoomTopics.INPUT.name(),
                        Partitions.of(alias.value(), shardCount),
                        Cbor.encode(new ConfirmAlias(alias, room.id(), creator.user()))));
        return Outcome.done(room.id(), changes, edit.facts(), edit.position(), orders);
    }
}
