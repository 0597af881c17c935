package io.myelin.accountserver.web;

import io.myelin.accountserver.todevice.Sending;
import io.myelin.accountserver.todevice.ToDeviceMessages;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.account.ToDeviceCommand.ToDeviceMessage;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.AttemptLimit;
import io.myelin.web.Body;
import io.myelin.web.JsonResponse;
import io.myelin.web.MatrixException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/** Messages from device to device. Client-server API, "Send-to-Device messaging". */
@RestController
public class ToDeviceController {
    private static final String PATH = "/sendToDevice/{eventType}/{txnId}";
    private static final String KEY_REQUEST = "m.room_key_request";

    /** What a message to a device of another server may have at most, too, as part of an EDU. */
    private static final int MAX_CONTENT = 65_536;

    private static final int MAX_NAME = 255;

    private final ToDeviceMessages messages;
    private final AttemptLimit sent;
    private final AttemptLimit roomKeyRequests;

    /**
     * @param sent the messages of each user
     * @param roomKeyRequests a device's requests for room keys to other users; those above the limit are dropped
     */
    public ToDeviceController(ToDeviceMessages messages, AttemptLimit sent, AttemptLimit roomKeyRequests) {
        this.messages = messages;
        this.sent = sent;
        this.roomKeyRequests = roomKeyRequests;
    }

    @PutMapping({"/_matrix/client/v3" + PATH, "/_matrix/client/r0" + PATH, "/_matrix/client/unstable" + PATH})
    JsonResponse send(
            Session session,
            @PathVariable String eventType,
            @PathVariable String txnId,
            @Body(decimals = true) JsonObject body) {
        requireName("The event type", eventType);
        requireName("The transaction ID", txnId);
        JsonObject all = object(body.get("messages"), "messages")
                .orElseThrow(
                        () -> new MatrixException(new MatrixError(400, "M_MISSING_PARAM", "'messages' is missing.")));
        List<ToDeviceMessage> parsed = new ArrayList<>();
        all.forEach((name, devices) -> {
            JsonObject contents = object(devices, "messages." + name).orElse(JsonObject.EMPTY);
            // Messages to somebody who can be no user are dropped, as those to unknown devices are.
            UserId.tryParse(name)
                    .filter(user -> !contents.isEmpty())
                    .filter(user -> mayAsk(session, eventType, user))
                    .ifPresent(
                            user -> contents.forEach((device, content) -> parsed.add(message(user, device, content))));
        });
        sent.attempt(session.user(), parsed.size());
        messages.send(new Sending(session, eventType, txnId), parsed);
        return JsonResponse.DONE;
    }

    private static ToDeviceMessage message(UserId user, String device, Json content) {
        byte[] bytes = CanonicalJson.encode(object(content, "a message").orElse(JsonObject.EMPTY));
        if (bytes.length > MAX_CONTENT) {
            throw new MatrixException(
                    413,
                    "M_TOO_LARGE",
                    "A to-device message has at most " + MAX_CONTENT + " bytes, and this one for " + user + " has "
                            + bytes.length + ".");
        }
        return new ToDeviceMessage(user, device, bytes);
    }

    /** Whether a request for keys may be sent; the first of somebody else's beyond the limit is dropped, as in Synapse. */
    private boolean mayAsk(Session session, String type, UserId user) {
        if (!type.equals(KEY_REQUEST) || user.equals(session.user())) {
            return true;
        }
        String asker = session.user() + " " + Objects.requireNonNullElse(session.device(), "");
        try {
            roomKeyRequests.attempt(asker);
            return true;
        } catch (MatrixException tooMany) {
            return false;
        }
    }

    private static Optional<JsonObject> object(@Nullable Json value, String name) {
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof JsonObject object) {
            return Optional.of(object);
        }
        throw new MatrixException(MatrixError.badJson("'" + name + "' must be an object."));
    }

    private static void requireName(String what, String value) {
        if (value.length() > MAX_NAME || value.indexOf('\0') >= 0) {
            throw new MatrixException(
                    MatrixError.invalidParam(what + " has at most " + MAX_NAME + " characters, and no U+0000."));
        }
    }
}
