package io.myelin.clientroomsend.purge;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.myelin.contracts.MatrixError;
import io.myelin.matrix.id.RoomId;
import io.myelin.web.MatrixException;
import java.util.Base64;

/**
 * The ID under which a client asks for the progress of a purge of a room's history. It contains the room, so any instance of
 * the writer can answer.
 *
 * @param number the number by which room-server knows the purge
 */
public record PurgeId(RoomId room, long number) {

    /** @throws MatrixException 404 if the text cannot be such an ID */
    public static PurgeId parse(String text) {
        try {
            String decoded = new String(Base64.getUrlDecoder().decode(text), UTF_8);
            int colon = decoded.indexOf(':');
            return new PurgeId(
                    RoomId.parse(decoded.substring(colon + 1)), Long.parseLong(decoded.substring(0, Math.max(0, colon))));
        } catch (IllegalArgumentException | MatrixException none) {
            throw new MatrixException(MatrixError.notFound("There is no such purge_id."));
        }
    }

    public String text() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString((number + ":" + room.value()).getBytes(UTF_8));
    }
}
