package io.myelin.roomserver.decide;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.room.RoomCommand.CreateRoom;
import io.myelin.contracts.room.RoomCommand.ReplaceRoom;
import io.myelin.engine.shard.Decision;
import io.myelin.engine.shard.Moment;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.matrix.room.RoomVersions;
import io.myelin.roomserver.room.EntityKey;
import io.myelin.roomserver.room.EventDraft;
import io.myelin.roomserver.room.EventSigner;
import io.myelin.roomserver.room.Refusal;
import io.myelin.roomserver.room.Room;
import io.myelin.roomserver.room.RoomChange;
import io.myelin.roomserver.room.RoomEdit;
import io.myelin.roomserver.room.RoomEntity;
import io.myelin.roomserver.room.StateEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Ends a room and makes the one that replaces it, in one decision, so that there is never one without the other. Of two
 * concurrent requests, the later finds the tombstone of the earlier. Client-server API, "Room Upgrades", server behaviour,
 * 2, 3 and 5.
 */
final class ReplaceRoomDecision {

    private static final String PREDECESSOR = "predecessor";

    private final CreateRoomDecision createRoom;
    private final EventSigner signer;
    private final int shardCount;

    ReplaceRoomDecision(CreateRoomDecision createRoom, EventSigner signer, int shardCount) {
        this.createRoom = createRoom;
        this.signer = signer;
        this.shardCount = shardCount;
    }

    List<Handler<?>> handlers() {
        return List.of(Handler.of(ReplaceRoom.class, this::keys, this::decide)
                .reading(StateToRead::ofReplace)
                .settlingFirst()
                .forClients());
    }

    private List<String> keys(ReplaceRoom command) {
        CreateRoom replacement = command.replacement();
        List<String> keys = new ArrayList<>();
        keys.add(EntityKey.of(command.room()));
        keys.addAll(Handler.roomAndUser(replacement, replacement.requester().user()));
        return keys;
    }

    private Decision<RoomEntity, RoomChange> decide(Known known, ReplaceRoom command, Moment moment) {
        CreateRoom replacement = command.replacement();
        Room room = known.roomOfMember(command.room());
        UserId user = replacement.requester().user();
        if (room.membership(user) != Membership.JOIN) {
            throw new Refusal(MatrixError.forbidden("You are not in this room."));
        }
        if (Partitions.of(replacement.room().value(), shardCount) != moment.shard()) {
            throw new Refusal(MatrixError.invalidParam("A room and its replacement must be of one shard."));
        }
        if (!Objects.equals(tombstone(room), command.before())) {
            throw new Refusal(409, "M_UNKNOWN", "Somebody else has upgraded this room just now.");
        }
        JsonObject content = EventContent.parse(command.tombstone());
        EventContent.checkState(room, EventTypes.TOMBSTONE, content);
        RoomEdit edit = new RoomEdit(room, signer, moment);
        Pdu tombstone = edit.append(replacement.requester(), EventDraft.state(user, EventTypes.TOMBSTONE, "", content));
        long next = moment.seq() + edit.facts().size();
        Decision<RoomEntity, RoomChange> created = createRoom.decide(
                known,
                naming(tombstone, replacement),
                new Moment(moment.shard(), moment.incarnation(), next, moment.now()));
        return both(edit, created);
    }

    private static @Nullable EventId tombstone(Room room) {
        StateEvent tombstone = room.state().get(EventTypes.TOMBSTONE, "");
        return tombstone == null ? null : room.current().read(tombstone).eventId();
    }

    /**
     * The replacement, whose create event names the tombstone as its predecessor's last event, except in versions where the
     * room ID is the hash of the create event.
     */
    private static CreateRoom naming(Pdu tombstone, CreateRoom replacement) {
        Optional<RoomVersion> version = RoomVersions.find(replacement.version());
        if (version.isEmpty() || version.get().roomIdIsCreateEventHash()) {
            return replacement;
        }
        JsonObject content = EventContent.parse(replacement.creationContent());
        JsonObject predecessor = content.object(PREDECESSOR).orElse(JsonObject.EMPTY);
        return replacement.with(CanonicalJson.encode(content.with(
                PREDECESSOR, predecessor.with("event_id", tombstone.eventId().value()))));
    }

    private static Decision<RoomEntity, RoomChange> both(RoomEdit ended, Decision<RoomEntity, RoomChange> created) {
        Map<String, RoomEntity> changes = new HashMap<>(created.changes());
        changes.put(EntityKey.of(ended.room().id()), ended.room());
        List<RoomChange> facts = new ArrayList<>(ended.facts());
        facts.addAll(created.facts());
        return new Decision<>(changes, facts, created.answer(), created.accepted(), created.orders());
    }
}
