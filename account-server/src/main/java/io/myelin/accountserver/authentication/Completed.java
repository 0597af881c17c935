package io.myelin.accountserver.authentication;

import io.myelin.matrix.crypto.Sha256;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An authentication that permits its operation.
 *
 * @param session its session; null if one request was enough
 * @param parameters what the session remembers of its first request
 * @param registered the user who was registered with the session already
 * @param begunAt when the session began, in milliseconds since the epoch
 */
public record Completed(
        @Nullable String session,
        Map<String, String> proofs,
        JsonObject parameters,
        @Nullable UserId registered,
        long begunAt) {

    /** What the stage proved, if it is one of those that were completed. */
    public Optional<String> proof(String stage) {
        return Optional.ofNullable(proofs.get(stage));
    }

    /**
     * The ID of a command that is executed once with this session, however often it is sent.
     *
     * @param what the command is about
     */
    public UUID commandId(String session, String what) {
        ByteBuffer hash = ByteBuffer.wrap(Sha256.hash((session + "\0" + what).getBytes(StandardCharsets.UTF_8)));
        // A UUIDv7: the time in it determines how long the command's answer is kept.
        long first = (begunAt << 16) | 0x7000 | (hash.getLong() & 0xFFF);
        long second = (hash.getLong() >>> 2) | (1L << 63);
        return new UUID(first, second);
    }
}
