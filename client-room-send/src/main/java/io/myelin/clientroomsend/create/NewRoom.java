package io.myelin.clientroomsend.create;

import io.myelin.contracts.Partitions;
import io.myelin.contracts.room.CreateEvents;
import io.myelin.matrix.crypto.UnpaddedBase64;
import io.myelin.matrix.event.EventTooLarge;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.room.RoomVersion;
import io.myelin.web.MatrixException;
import java.util.Objects;
import java.util.random.RandomGenerator;

/** A room that is about to be created: its ID, and the parts of its create event that determine the ID. */
record NewRoom(RoomId id, JsonObject creationContent, long timestamp) {
    private static final int NONCE_BYTES = 16;
    private static final int ID_LETTERS = 18;
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /**
     * @param timestamp milliseconds since the epoch
     * @param random must not be guessable
     */
    static NewRoom of(RoomRequest request, UserId creator, ServerName server, long timestamp, RandomGenerator random) {
        JsonObject content = CreationContent.complete(request, creator, nonce(random));
        RoomVersion version = request.version();
        RoomId id = version.roomIdIsCreateEventHash()
                ? hashed(version, creator, content, timestamp)
                : opaque(server, random);
        return new NewRoom(id, content, timestamp);
    }

    /** Whether the same shard decides about this room and another one. */
    boolean sharesShardWith(RoomId other, int shards) {
        return Partitions.of(id.value(), shards) == Partitions.of(other.value(), shards);
    }

    private static RoomId hashed(RoomVersion version, UserId creator, JsonObject content, long timestamp) {
        try {
            return CreateEvents.template(version, null, creator, content, timestamp)
                    .unsigned()
                    .roomId();
        } catch (EventTooLarge e) {
            throw new MatrixException(
                    413, "M_TOO_LARGE", Objects.requireNonNullElse(e.getMessage(), "The create event is too large."));
        }
    }

    /** A random ID for a room of a version up to 11. */
    private static RoomId opaque(ServerName server, RandomGenerator random) {
        var id = new StringBuilder("!");
        random.ints(ID_LETTERS, 0, LETTERS.length()).forEach(letter -> id.append(LETTERS.charAt(letter)));
        return RoomId.parse(id.append(':').append(server).toString());
    }

    private static String nonce(RandomGenerator random) {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        return UnpaddedBase64.encodeUrlSafe(bytes);
    }
}
