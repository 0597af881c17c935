package io.myelin.clientsync.cache;

import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Wakes requests of users who look into a room without being in it. */
public final class PeekNews {
    private final Set<Peek> waiting = ConcurrentHashMap.newKeySet();

    /** A request that looks into a room, until it is closed. */
    public final class Peek implements AutoCloseable {
        private final RoomId room;
        private final Predicate<UserId> isMember;
        private volatile CompletableFuture<Void> news = new CompletableFuture<>();

        private Peek(RoomId room, Predicate<UserId> isMember) {
            this.room = room;
            this.isMember = isMember;
        }

        /** Completes at the first news from now on. */
        public CompletableFuture<Void> next() {
            CompletableFuture<Void> next = new CompletableFuture<>();
            news = next;
            return next;
        }

        @Override
        public void close() {
            waiting.remove(this);
        }
    }

    /** @param isMember whether the presence of a user is news of the room */
    public Peek begin(RoomId room, Predicate<UserId> isMember) {
        Peek peek = new Peek(room, isMember);
        waiting.add(peek);
        return peek;
    }

    /** Tells of something new in a room: an event, a receipt, or somebody who types. Returns at once. */
    void in(RoomId room) {
        for (Peek peek : waiting) {
            if (peek.room.equals(room)) {
                peek.news.complete(null);
            }
        }
    }

    /** Tells that the presence of a user has changed. Returns at once. */
    public void of(UserId user) {
        for (Peek peek : waiting) {
            if (peek.isMember.test(user)) {
                peek.news.complete(null);
            }
        }
    }
}
