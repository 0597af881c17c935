package io.myelin.clientroomsend.directory;

import io.myelin.contracts.MatrixError;
import io.myelin.matrix.id.RoomId;
import io.myelin.web.MatrixException;
import org.jspecify.annotations.Nullable;

/**
 * A place in the room directory, and which way to go from it. The room itself is not in the page.
 *
 * @param forward to rooms after this one; else to those before it
 */
public record DirectoryToken(boolean forward, RoomId room) {

    /** @throws MatrixException 400 if the text is no such token */
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
