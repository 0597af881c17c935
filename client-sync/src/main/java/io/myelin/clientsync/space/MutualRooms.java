package io.myelin.clientsync.space;

import io.myelin.clientsync.read.JoinedRooms;
import io.myelin.clientsync.token.InvalidToken;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomQueries.UserRoom;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.web.JsonWriter;
import io.myelin.web.MatrixException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rooms that a user shares with another one, in the order of their IDs. Client-server API, "Mutual rooms". */
public final class MutualRooms {
    private static final int MOST_OF_PAGE = 100;

    private final JoinedRooms joinedRooms;
    private final RoomQueries rooms;

    public MutualRooms(JoinedRooms joinedRooms, RoomQueries rooms) {
        this.joinedRooms = joinedRooms;
        this.rooms = rooms;
    }

    /**
     * @param from the last room of the page before; null for the first page
     * @param nextName the name of the field for the next page's token
     * @throws MatrixException 400 if the user asks about themselves, or if it is no valid user ID
     */
    public byte[] of(UserId user, String other, @Nullable String from, String nextName) {
        UserId with = UserId.tryParse(other)
                .filter(id -> UserId.isValidLocalpart(id.localpart()))
                .orElseThrow(() -> new MatrixException(MatrixError.invalidParam("'user_id' is not a user ID.")));
        if (with.equals(user)) {
            throw new MatrixException(MatrixError.invalidParam("'user_id' is your own. Name another user."));
        }
        Set<RoomId> theirs = rooms.roomsOf(with).rooms().stream()
                .filter(room -> room.membership().equals("join"))
                .map(UserRoom::room)
                .collect(Collectors.toCollection(HashSet::new));
        List<RoomId> shared =
                joinedRooms.of(user).stream().filter(theirs::contains).sorted().toList();
        String after = from == null ? "" : decode(from);
        List<RoomId> left = shared.stream()
                .filter(room -> room.value().compareTo(after) > 0)
                .toList();
        List<RoomId> page = left.subList(0, Math.min(MOST_OF_PAGE, left.size()));
        JsonWriter out = new JsonWriter();
        out.beginObject().name("joined").beginArray();
        page.forEach(room -> out.value(room.value()));
        out.endArray().field("count", (long) shared.size());
        if (page.size() < left.size()) {
            out.field(
                    nextName,
                    Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(page.getLast().value().getBytes(StandardCharsets.UTF_8)));
        }
        out.endObject();
        return out.toBytes();
    }

    private static String decode(String token) {
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new InvalidToken("'from' is not one of this server's tokens.");
        }
    }
}
