package io.myelin.clientsync.space;

import io.myelin.clientsync.read.JoinedRooms;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.matrix.id.RoomAlias;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.web.JsonWriter;
import io.myelin.web.MatrixException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which rooms a user can find without being in them, and what they are told of these. A user who is banned from a room
 * cannot find it. Each room costs two questions to room-server, however large it is.
 */
public final class RoomOverviews {
    private final RoomQueries rooms;
    private final JoinedRooms joinedRooms;

    public RoomOverviews(RoomQueries rooms, JoinedRooms joinedRooms) {
        this.rooms = rooms;
        this.joinedRooms = joinedRooms;
    }

    /** The rooms that a user can find; remembers which rooms they are in. */
    final class Finder {
        private final @Nullable UserId user;
        private @Nullable Set<RoomId> joined;

        private Finder(@Nullable UserId user) {
            this.user = user;
        }

        /** Empty if there is no such room, or the user cannot find it. */
        Optional<RoomOverview> find(RoomId room) {
            return RoomOverview.of(room, rooms.stateAt(room, Long.MAX_VALUE, RoomOverview.places(user)))
                    .filter(this::canFind);
        }

        private boolean canFind(RoomOverview room) {
            return !room.isBanned()
                    && (room.isOpen()
                            || room.isJoinedOrInvited()
                            || room.allowedRooms().stream().anyMatch(this::isIn));
        }

        private boolean isIn(RoomId room) {
            if (user == null) {
                return false;
            }
            if (joined == null) {
                joined = new HashSet<>(joinedRooms.of(user));
            }
            return joined.contains(room);
        }
    }

    /** @param user null for somebody without an account */
    Finder finder(@Nullable UserId user) {
        return new Finder(user);
    }

    long joinedMembers(RoomId room) {
        return rooms.joinedMembers(room);
    }

    /**
     * {@code GET /room_summary}.
     *
     * @param user null for somebody without an account
     * @param unstable whether fields have the names, too, that they had before MSC3266 was accepted
     * @throws MatrixException 404 if there is no such room, or the user cannot find it
     */
    public byte[] summary(@Nullable UserId user, String roomOrAlias, boolean unstable) {
        RoomId room = resolve(roomOrAlias);
        RoomOverview found = finder(user).find(room).orElseThrow(RoomOverviews::unknown);
        JsonWriter out = new JsonWriter();
        out.beginObject();
        found.writeFields(out, joinedMembers(room));
        if (unstable) {
            found.writeUnstableFields(out);
        }
        if (user != null) {
            String membership = found.membership();
            out.field("membership", membership == null ? "leave" : membership);
        }
        out.endObject();
        return out.toBytes();
    }

    private RoomId resolve(String roomOrAlias) {
        return roomOrAlias.startsWith("#")
                ? rooms.roomOf(RoomAlias.parse(roomOrAlias)).orElseThrow(RoomOverviews::unknown)
                : RoomId.parse(roomOrAlias);
    }

    private static MatrixException unknown() {
        return new MatrixException(MatrixError.notFound("There is no such room that you could see."));
    }
}
