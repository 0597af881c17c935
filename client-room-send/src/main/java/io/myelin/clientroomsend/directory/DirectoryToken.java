package io.myelin.clientroomsend.directory;

import io.myelin.contracts.MatrixError;
import io.myelin.matrix.id.RoomId;
import io.myelin.web.MatrixException;
import org.jspecify.annotations.Nullable;

/**
 * A pagination token of the room directory: a room and a direction. The page does not include the room itself.
 *
 * @param forward to rooms after this one; otherwise to those before it
 */
public record DirectoryToken(boolean forward, RoomId room) {

    /** @throws MatrixException 400 if the text is not a token of this form */
    public static @Nullable DirectoryToken parse(@Nullable String text) {
        if (text == null) {
            return null;
        }
        boolean forward = text.startsWith("n");
        if (!forward && !text.startsWith("p")) {
            throw invalid();
        }
        return new DirectoryToken(forward, RoomId.tryParse(text.substring(1)).orElseThrow(DirectoryToken::invalid));
    }

    public String text() {
        return (forward ? "n" : "p") + room;
    }

    private static MatrixException invalid() {
        return new MatrixException(MatrixError.invalidParam("'since' must be a token that this server has given out."));
    }
}
