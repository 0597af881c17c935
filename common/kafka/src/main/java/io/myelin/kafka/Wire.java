package io.myelin.kafka;

import io.myelin.engine.shard.TransactionKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The format of requests, replies and facts in a record's value: a fixed head in front of the encoded command, answer
 * or fact. All answers of one commit to one writer are one record. The first byte is the version of the format, 1.
 */
final class Wire {

    private static final byte VERSION = 1;
    private static final int NOBODY = -1;
    private static final int REQUEST_HEAD = 1 + 16 + 8 + 4 + 1;
    private static final int TRANSACTION = 16;
    private static final int REPLY_HEAD = 16 + 4;
    private static final int FACT_HEAD = 1 + 8 + 8;

    private Wire() {}

    /** The value is not in this format, or in a later version of it. */
    static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreadable(String message) {
            super(message);
        }
    }

    /** @param replyPartition negative if no caller waits */
    record RequestValue(
            UUID id,
            long deadline,
            int replyPartition,
            @Nullable TransactionKey transaction,
            byte[] command) {}

    record ReplyValue(UUID id, byte[] answer) {}

    record FactValue(long incarnation, long seq, byte[] fact) {}

    static byte[] request(RequestValue request) {
        TransactionKey transaction = request.transaction();
        int size = REQUEST_HEAD + (transaction == null ? 0 : TRANSACTION) + request.command().length;
        ByteBuffer buffer = ByteBuffer.allocate(size).put(VERSION);
        putId(buffer, request.id()).putLong(request.deadline()).putInt(request.replyPartition());
        buffer.put((byte) (transaction == null ? 0 : 1));
        if (transaction != null) {
            buffer.putLong(transaction.high()).putLong(transaction.low());
        }
        return buffer.put(request.command()).array();
    }

    static RequestValue request(byte[] value) {
        ByteBuffer buffer = open(value, REQUEST_HEAD);
        UUID id = id(buffer);
        long deadline = buffer.getLong();
        int replyPartition = buffer.getInt();
        TransactionKey transaction = buffer.get() == 1 ? new TransactionKey(buffer.getLong(), buffer.getLong()) : null;
        return new RequestValue(id, deadline, replyPartition, transaction, rest(buffer));
    }

    static byte[] replies(List<ReplyValue> replies) {
        int size = 1;
        for (ReplyValue reply : replies) {
            size += REPLY_HEAD + reply.answer().length;
        }
        ByteBuffer buffer = ByteBuffer.allocate(size).put(VERSION);
        for (ReplyValue reply : replies) {
            putId(buffer, reply.id()).putInt(reply.answer().length).put(reply.answer());
        }
        return buffer.array();
    }

    static List<ReplyValue> replies(byte[] value) {
        ByteBuffer buffer = open(value, 1);
        List<ReplyValue> replies = new ArrayList<>();
        while (buffer.hasRemaining()) {
            if (buffer.remaining() < REPLY_HEAD) {
                throw new Unreadable("The head of an answer is cut off");
            }
            UUID id = id(buffer);
            int length = buffer.getInt();
            if (length < 0 || length > buffer.remaining()) {
                throw new Unreadable("An answer of " + length + " bytes is cut off");
            }
            byte[] answer = new byte[length];
            buffer.get(answer);
            replies.add(new ReplyValue(id, answer));
        }
        return replies;
    }

    static byte[] fact(long incarnation, long seq, byte[] fact) {
        return ByteBuffer.allocate(FACT_HEAD + fact.length)
                .put(VERSION)
                .putLong(incarnation)
                .putLong(seq)
                .put(fact)
                .array();
    }

    static FactValue fact(byte[] value) {
        ByteBuffer buffer = open(value, FACT_HEAD);
        return new FactValue(buffer.getLong(), buffer.getLong(), rest(buffer));
    }

    private static ByteBuffer open(byte[] value, int head) {
        if (value.length < head || value[0] != VERSION) {
            throw new Unreadable("A record of " + value.length + " bytes is not of a known form");
        }
        return ByteBuffer.wrap(value, 1, value.length - 1);
    }

    private static ByteBuffer putId(ByteBuffer buffer, UUID id) {
        return buffer.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    private static UUID id(ByteBuffer buffer) {
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    private static byte[] rest(ByteBuffer buffer) {
        return Arrays.copyOfRange(buffer.array(), buffer.position(), buffer.limit());
    }

    static boolean isNobody(int replyPartition) {
        return replyPartition <= NOBODY;
    }
}
