package io.myelin.accountserver.todevice;

import io.myelin.contracts.account.Session;
import io.myelin.matrix.crypto.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * One request that sends messages. A client may repeat it with the same transaction ID, which counts within the session, the
 * event type and the endpoint.
 *
 * @param type of the messages
 */
public record Sending(Session session, String type, String transactionId) {
    private static final int KEY_BYTES = 16;
    private static final char SEPARATOR = '\0';

    /**
     * The key of one part of the request.
     *
     * @param part names the part: the same for the same messages
     */
    byte[] key(String part) {
        String text = String.join(
                String.valueOf(SEPARATOR),
                "sendToDevice",
                session.user().value(),
                Objects.requireNonNullElse(session.device(), ""),
                String.valueOf(session.seq()),
                type,
                transactionId,
                part);
        return Arrays.copyOf(Sha256.hash(text.getBytes(StandardCharsets.UTF_8)), KEY_BYTES);
    }
}
