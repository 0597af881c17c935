package io.myelin.clientsync.read;

import io.myelin.clientsync.cache.CachedRoom;
import io.myelin.clientsync.event.ClientEvents;
import io.myelin.clientsync.event.ClientEvents.Form;
import io.myelin.clientsync.event.EventContent;
import io.myelin.clientsync.token.RoomPosition;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.PduBytes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonNull;
import io.myelin.matrix.state.StateMap;
import io.myelin.web.JsonWriter;
import io.myelin.web.MatrixException;
import io.myelin.web.StreamedJson;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** A room's state: {@code /rooms/{id}/state}, {@code /members} and {@code /joined_members}. */
public final class StateReads {
    private final JoinedRooms joinedRooms;
    private final RoomEvents events;
    private final int shards;
    private final Clock clock;

    public StateReads(JoinedRooms joinedRooms, RoomEvents events, int shards, Clock clock) {
        this.joinedRooms = joinedRooms;
        this.events = events;
        this.shards = shards;
        this.clock = clock;
    }

    public StreamedJson all(Session session, RoomId id) {
        RoomView view = joinedRooms.history(session.user(), id);
        ClientEvents client = client(session);
        return HeldAnswer.of(view.room(), out -> {
            out.beginArray();
            view.room()
                    .state()
                    .forEach((_, stored) -> client.writeState(out, view.shownAsState(stored), Form.WITH_ROOM));
            out.endArray();
        });
    }

    /** @param wholeEvent whether the event is wanted instead of its content */
    public byte[] one(Session session, RoomId id, String type, String stateKey, boolean wholeEvent) {
        CachedRoom room = joinedRooms.readable(session.user(), id).room();
        StoredEvent stored = room.state().get(type, stateKey);
        if (stored == null) {
            throw new MatrixException(MatrixError.notFound("The room has no such state."));
        }
        if (!wholeEvent) {
            return PduBytes.content(stored.event().body());
        }
        JsonWriter out = new JsonWriter();
        RoomView view = joinedRooms.history(session.user(), id);
        client(session).writeState(out, view.shownAsState(stored), Form.WITH_ROOM);
        return out.toBytes();
    }

    /**
     * @param at a token; null for now
     * @param membership and {@code notMembership}: either suffices
     */
    public StreamedJson members(
            Session session,
            RoomId id,
            @Nullable String at,
            @Nullable String membership,
            @Nullable String notMembership) {
        RoomView view = joinedRooms.history(session.user(), id);
        CachedRoom room = asOf(view, at);
        ClientEvents client = client(session);
        StateMap<StoredEvent> state = room.state();
        return HeldAnswer.of(room, out -> {
            out.beginObject().name("chunk").beginArray();
            state.forEach(EventTypes.MEMBER, (_, member) -> {
                if (isWanted(EventContent.membership(member), membership, notMembership)) {
                    client.writeState(out, view.shownAsState(member), Form.WITH_ROOM);
                }
            });
            out.endArray().endObject();
        });
    }

    /** @throws MatrixException 403 if the viewer does not see the state then */
    private CachedRoom asOf(RoomView view, @Nullable String at) {
        CachedRoom room = view.room();
        if (at == null || at.isEmpty()) {
            return room;
        }
        RoomPosition then = RoomPosition.parse(at, room.shard(), shards);
        long newest = Math.min(view.until(), room.newest());
        if (then.incarnation() != room.incarnation() || then.anchor() >= newest) {
            return room;
        }
        if (!events.seesStateAt(view, then.anchor())) {
            throw new MatrixException(MatrixError.forbidden("You may not see who was in the room then."));
        }
        return events.asOf(room, then.anchor());
    }

    private static boolean isWanted(String is, @Nullable String membership, @Nullable String notMembership) {
        if (membership == null && notMembership == null) {
            return true;
        }
        return is.equals(membership) || (notMembership != null && !is.equals(notMembership));
    }

    public StreamedJson joinedMembers(Session session, RoomId id) {
        CachedRoom room = joinedRooms.joined(session.user(), id);
        return HeldAnswer.of(room, out -> writeJoined(out, room));
    }

    private static void writeJoined(JsonWriter out, CachedRoom room) {
        out.beginObject().name("joined").beginObject();
        room.state().forEach(EventTypes.MEMBER, (user, member) -> {
            if (EventContent.membership(member).equals("join")) {
                out.name(user).beginObject();
                out.field("display_name", textOrNull(member, "displayname"));
                out.field("avatar_url", textOrNull(member, "avatar_url"));
                out.endObject();
            }
        });
        out.endObject().endObject();
    }

    /** Clients want both fields, even without a value. */
    private static Json textOrNull(StoredEvent member, String field) {
        String text = EventContent.string(member.event(), field);
        return text == null ? JsonNull.NULL : Json.of(text);
    }

    private ClientEvents client(Session session) {
        return new ClientEvents(session, clock.millis());
    }
}
