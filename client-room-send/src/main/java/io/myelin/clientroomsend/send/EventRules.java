package io.myelin.clientroomsend.send;

import io.myelin.contracts.MatrixError;
import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventLimits;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.MatrixException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Checks an event for mistakes that no room state can make right. Whether it may be sent is room-server's decision. */
public final class EventRules {
    private EventRules() {}

    /**
     * Checks the event and returns its content, encoded.
     *
     * @param stateKey null for a message
     * @throws MatrixException 400, 403 or 413, saying what is wrong
     */
    public static byte[] check(String type, @Nullable String stateKey, JsonObject content) {
        checkText("event type", type);
        if (stateKey != null) {
            checkText("state key", stateKey);
        }
        switch (type) {
            case EventTypes.CREATE ->
                throw new MatrixException(MatrixError.forbidden("A room is created once, by createRoom."));
            case EventTypes.MEMBER -> checkMember(stateKey, content);
            case EventTypes.POWER_LEVELS -> PowerLevelsFormat.check(content);
            default -> {}
        }
        byte[] bytes = CanonicalJson.encode(content);
        if (bytes.length > EventLimits.MAX_EVENT_BYTES) {
            throw tooLarge("content", bytes.length, EventLimits.MAX_EVENT_BYTES);
        }
        return bytes;
    }

    private static void checkMember(@Nullable String stateKey, JsonObject content) {
        if (stateKey == null) {
            throw new MatrixException(
                    MatrixError.invalidParam("A membership is state, it cannot be sent as a message."));
        }
        if (UserId.tryParse(stateKey).isEmpty()) {
            throw new MatrixException(MatrixError.invalidParam("The state key of a membership is a user ID."));
        }
        if (content.string("membership").flatMap(Membership::parse).isEmpty()) {
            throw new MatrixException(MatrixError.badJson("'membership' must be invite, join, knock, leave or ban."));
        }
    }

    private static void checkText(String what, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new MatrixException(MatrixError.invalidParam("The " + what + " must not contain U+0000."));
        }
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > EventLimits.MAX_FIELD_BYTES) {
            throw tooLarge(what, bytes, EventLimits.MAX_FIELD_BYTES);
        }
    }

    private static MatrixException tooLarge(String what, int bytes, int most) {
        return new MatrixException(
                413, "M_TOO_LARGE", "The " + what + " has " + bytes + " bytes, at most " + most + " are allowed.");
    }
}
