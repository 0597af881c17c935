package io.myelin.clientroomsend.command;

import io.myelin.contracts.account.Session;
import io.myelin.engine.shard.TransactionKey;
import io.myelin.matrix.crypto.Sha256;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Makes keys for clients' transactions: two requests are the same if their device, path and transaction identifier are
 * equal. Client-server API, "Transaction identifiers".
 */
public final class Transactions {
    private Transactions() {}

    /** @param endpoint the path between room and transaction identifier, such as {@code send/m.room.message} */
    public static TransactionKey key(Session session, RoomId room, String endpoint, String transactionId) {
        String device = session.device() == null ? "" : session.device();
        return TransactionKey.of(
                Sha256.hash(joined(session.user().value(), device, endpoint, room.value(), transactionId)));
    }

    /** A key of the server's own, for what it does for a user whatever becomes of their devices. */
    public static TransactionKey key(UserId user, RoomId room, String purpose, String id) {
        return TransactionKey.of(Sha256.hash(joined(user.value(), purpose, room.value(), id)));
    }

    /** Each part follows its length, so that different lists of parts never give the same bytes. */
    private static byte[] joined(String... parts) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            for (String part : parts) {
                byte[] utf8 = part.getBytes(StandardCharsets.UTF_8);
                out.writeInt(utf8.length);
                out.write(utf8);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Memory can always be written to.", e);
        }
        return bytes.toByteArray();
    }
}
