package io.myelin.clientroomsend.directory;

import io.myelin.clientroomsend.lookup.RoomStates;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonObjectBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The room directory of this server in pages, in the order of room IDs. Changes between two pages do not disturb this
 * order. Client-server API, "Published room directory".
 */
public final class PublicRooms {
    private static final int IDS_AT_ONCE = 500;
    /** How many rooms one request examines for matches of its filter; the next page continues after them. */
    private static final int MAX_EXAMINED = 1000;
    /** Rooms are counted up to this number. */
    private static final int MAX_COUNTED = 1000;

    private final RoomQueries rooms;
    private final RoomStates states;

    public PublicRooms(RoomQueries rooms, RoomStates states) {
        this.rooms = rooms;
        this.states = states;
    }

    /**
     * @param before whether there may be rooms before the chunk
     * @param after whether there may be rooms after the chunk
     */
    private record Page(
            List<PublicRoom> chunk,
            @Nullable DirectoryToken before,
            @Nullable DirectoryToken after) {}

    /** A {@code PublicRoomsResponse}. */
    public JsonObject page(PublicRoomsQuery query) {
        if (query.ofBridge()) {
            // There are no application services, so no network has rooms.
            return json(new Page(List.of(), null, null)).build();
        }
        DirectoryToken since = query.since();
        Page page = since == null || since.forward() ? forward(query, since) : backward(query, since.room());
        var json = json(page);
        int count = rooms.publishedRooms(null, MAX_COUNTED + 1).size();
        if (count <= MAX_COUNTED) {
            json.put("total_room_count_estimate", (long) count);
        }
        return json.build();
    }

    private Page forward(PublicRoomsQuery query, @Nullable DirectoryToken since) {
        List<PublicRoom> chunk = new ArrayList<>();
        RoomId last = since == null ? null : since.room();
        int examined = 0;
        boolean more = true;
        while (more && chunk.size() < query.limit() && examined < MAX_EXAMINED) {
            List<RoomId> ids = rooms.publishedRooms(last, IDS_AT_ONCE);
            more = ids.size() == IDS_AT_ONCE;
            for (RoomId id : ids) {
                if (chunk.size() == query.limit() || examined == MAX_EXAMINED) {
                    more = true;
                    break;
                }
                examined++;
                last = id;
                matching(query, id).ifPresent(chunk::add);
            }
        }
        DirectoryToken before = since == null || chunk.isEmpty()
                ? null
                : new DirectoryToken(false, chunk.getFirst().id());
        return new Page(chunk, before, more && last != null ? new DirectoryToken(true, last) : null);
    }

    private Page backward(PublicRoomsQuery query, RoomId end) {
        List<RoomId> ids = idsBefore(end);
        List<PublicRoom> chunk = new ArrayList<>();
        int next = ids.size() - 1;
        for (int examined = 0;
                next >= 0 && chunk.size() < query.limit() && examined < MAX_EXAMINED;
                next--, examined++) {
            matching(query, ids.get(next)).ifPresent(chunk::add);
        }
        DirectoryToken before = next >= 0 ? new DirectoryToken(false, ids.get(next + 1)) : null;
        DirectoryToken after = ids.isEmpty() ? null : new DirectoryToken(true, ids.getLast());
        return new Page(chunk.reversed(), before, after);
    }

    private List<RoomId> idsBefore(RoomId end) {
        List<RoomId> ids = new ArrayList<>();
        while (true) {
            List<RoomId> page = rooms.publishedRooms(ids.isEmpty() ? null : ids.getLast(), IDS_AT_ONCE);
            for (RoomId id : page) {
                if (id.compareTo(end) >= 0) {
                    return ids;
                }
                ids.add(id);
            }
            if (page.size() < IDS_AT_ONCE) {
                return ids;
            }
        }
    }

    private Optional<PublicRoom> matching(PublicRoomsQuery query, RoomId id) {
        // Members are counted only for rooms that match.
        return states.current(id, PublicRoom.STATE)
                .map(state -> PublicRoom.of(id, state))
                .filter(query::wants)
                .map(room -> room.withJoinedMembers(rooms.joinedMembers(id)));
    }

    private static JsonObjectBuilder json(Page page) {
        var json = JsonObject.builder()
                .put(
                        "chunk",
                        JsonArray.of(page.chunk.stream().map(PublicRoom::json).toArray(Json[]::new)));
        if (page.before != null) {
            json.put("prev_batch", page.before.text());
        }
        if (page.after != null) {
            json.put("next_batch", page.after.text());
        }
        return json;
    }
}
