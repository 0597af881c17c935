package io.myelin.clientsync.space;

import io.myelin.clientsync.token.InvalidToken;
import io.myelin.matrix.id.RoomId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;

/**
 * How far a client has been told of a space: which rooms were looked at, by hashes of their IDs. The next page walks from
 * the root again and passes over these. So no room is told twice, and none is missed that comes into the space meanwhile.
 *
 * @param question a hash of what the first page was asked for
 * @param done the hashes of all rooms that were looked at
 * @param spaces those of them that are spaces the user can find
 */
record HierarchyToken(int question, Set<Integer> done, Set<Integer> spaces) {
    private static final String PREFIX = "h1_";

    static HierarchyToken begin(int question) {
        return new HierarchyToken(question, new HashSet<>(), new HashSet<>());
    }

    static int hash(RoomId room) {
        // The lowest bit says whether it is a space.
        return room.value().hashCode() & ~1;
    }

    void add(RoomId room, boolean isSpace) {
        done.add(hash(room));
        if (isSpace) {
            spaces.add(hash(room));
        }
    }

    /** Whether a room was a space that the user could find; to be looked at again before that is believed. */
    boolean mayBeSpace(RoomId room) {
        return spaces.contains(hash(room));
    }

    String encode() {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * (1 + done.size()));
        bytes.putInt(question);
        done.forEach(room -> bytes.putInt(spaces.contains(room) ? room | 1 : room));
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /**
     * @param question a hash of what is asked for now, which must be the same as at first
     * @throws InvalidToken if it is not a token of this server for the same question
     */
    static HierarchyToken parse(String text, int question) {
        if (!text.startsWith(PREFIX)) {
            throw new InvalidToken("'from' is not one of this server's tokens.");
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text.substring(PREFIX.length())));
            if (bytes.getInt() != question) {
                throw new InvalidToken(
                        "'from' belongs to another room, or 'suggested_only' or 'max_depth' have changed.");
            }
            HierarchyToken token = begin(question);
            while (bytes.hasRemaining()) {
                int room = bytes.getInt();
                token.done.add(room & ~1);
                if ((room & 1) != 0) {
                    token.spaces.add(room & ~1);
                }
            }
            return token;
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            throw new InvalidToken("'from' is not one of this server's tokens.");
        }
    }
}
