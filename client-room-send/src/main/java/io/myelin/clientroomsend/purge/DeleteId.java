package io.myelin.clientroomsend.purge;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.myelin.contracts.MatrixError;
import io.myelin.matrix.id.RoomId;
import io.myelin.web.MatrixException;
import java.util.Base64;

/**
 * The ID under which a client asks for a purge's progress. It contains the room, so any instance of the writer can answer.
 */
public record DeleteId(RoomId room) {

    /** @throws MatrixException 404 if the text cannot be such an ID */
    public static DeleteId parse(String text) {
        try {
            return new DeleteId(RoomId.parse(new String(Base64.getUrlDecoder().decode(text), UTF_8)));
        } catch (IllegalArgumentException | MatrixException none) {
            throw new MatrixException(MatrixError.notFound("There is no such delete_id."));
        }
    }

    public String text() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(room.value().getBytes(UTF_8));
    }
}
