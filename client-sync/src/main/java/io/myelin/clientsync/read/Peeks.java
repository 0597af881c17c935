package io.myelin.clientsync.read;

import io.myelin.clientsync.cache.CachedRoom;
import io.myelin.clientsync.cache.GlobalCache;
import io.myelin.clientsync.cache.PeekNews;
import io.myelin.clientsync.cache.ReceiptCache;
import io.myelin.clientsync.cache.TailWaits;
import io.myelin.clientsync.ephemeral.PresenceCache;
import io.myelin.clientsync.ephemeral.TypingCache;
import io.myelin.clientsync.event.ClientEvents;
import io.myelin.clientsync.sync.RoomEphemerals;
import io.myelin.clientsync.token.PeekPosition;
import io.myelin.clientsync.token.RoomPosition;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.RoomQueries.EventPage;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.web.MatrixException;
import io.myelin.web.StreamedJson;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What users see of rooms that they are not in, while these are world readable: {@code /rooms/{id}/initialSync} and {@code
 * /events?room_id=}. Of receipts, typing and presence they are told as these change.
 */
public final class Peeks {
    private static final int MOST = 100;

    /** How many requests wait for events of rooms that their users are not in; further ones are answered at once. */
    private static final int MOST_WAITING = 500;

    /** A waiting request looks again after this time, whether anybody told it of news or not. */
    private static final long LONGEST_WAIT_MILLIS = 5_000;

    /** How many of these may be one user's. */
    private static final int MOST_WAITING_OF_USER = 5;

    private final JoinedRooms joinedRooms;
    private final RoomEvents events;
    private final GlobalCache rooms;
    private final PeekedEphemerals ephemerals;
    private final int shards;
    private final Clock clock;
    private final Semaphore waiting = new Semaphore(MOST_WAITING);
    private final ConcurrentMap<UserId, Integer> waitingOfUser = new ConcurrentHashMap<>();

    public Peeks(
            JoinedRooms joinedRooms,
            RoomEvents events,
            GlobalCache rooms,
            ReceiptCache receipts,
            TypingCache typing,
            PresenceCache presence,
            int shards,
            Clock clock) {
        this.joinedRooms = joinedRooms;
        this.events = events;
        this.rooms = rooms;
        this.ephemerals = new PeekedEphemerals(receipts, typing, presence);
        this.shards = shards;
        this.clock = clock;
    }

    /** Whether the user is joined to the room, or left it and may read what was before. Else they can only peek. */
    public boolean isMember(Session session, RoomId id) {
        JoinedRooms.Access access = joinedRooms.readable(session.user(), id);
        return access.until() != Long.MAX_VALUE
                || access.room().membership(session.user()).equals("join");
    }

    /**
     * @param limit how many of the newest events are told
     * @throws MatrixException 403 if the room is not world readable
     */
    public StreamedJson initialSync(Session session, RoomId id, int limit) {
        RoomView view = joinedRooms.history(session.user(), id);
        CachedRoom room = view.room();
        List<StoredEvent> newest = limit == 0
                ? List.of()
                : view.shown(events
                        .page(view, RoomPlace.BEGINNING, RoomPlace.END, true, Math.min(limit, MOST))
                        .events()
                        .reversed()
                        .stream()
                        .filter(view::sees)
                        .toList());
        ClientEvents client = new ClientEvents(session, clock.millis());
        RoomPosition end = RoomPosition.after(room.incarnation(), room.lastSeq());
        RoomPosition start = newest.isEmpty()
                ? end
                : RoomPosition.before(room.incarnation(), newest.getFirst().place());
        return HeldAnswer.of(room, out -> {
            out.beginObject();
            out.field("room_id", id.value());
            out.field("visibility", room.published() ? "public" : "private");
            out.name("messages").beginObject();
            out.field("start", start.encode()).field("end", end.encode());
            out.name("chunk").beginArray();
            newest.forEach(stored -> client.writeOld(out, stored));
            out.endArray().endObject();
            out.name("state").beginArray();
            room.state().forEach((_, stored) -> client.writeOld(out, view.shownAsState(stored)));
            out.endArray();
            out.name("presence").beginArray().endArray();
            out.name("receipts").beginArray().endArray();
            out.name("account_data").beginArray().endArray();
            out.endObject();
        });
    }

    /**
     * The events after a place, as soon as there are any. Blocks until then, or until the time is over.
     *
     * @param from null for now
     * @throws MatrixException 403 if the room is not world readable, or no more
     */
    public StreamedJson events(Session session, RoomId id, @Nullable String from, long timeoutMillis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        PeekPosition start = start(joinedRooms.history(session.user(), id), from);
        boolean mayWait = timeoutMillis > 0 && beginToWait(session.user());
        try (PeekNews.Peek peek = rooms.peeks().begin(id, user -> isJoined(id, user))) {
            while (true) {
                CompletableFuture<Void> news = peek.next();
                RoomView view = joinedRooms.history(session.user(), id);
                EventPage page = events.page(view, start.room().place(), RoomPlace.END, false, MOST);
                List<StoredEvent> seen =
                        view.shown(page.events().stream().filter(view::sees).toList());
                // Whoever may only read what was before is told nothing of the members.
                PeekedEphemerals.News others = view.until() == Long.MAX_VALUE
                        ? ephemerals.since(start, view.room())
                        : new PeekedEphemerals.News(RoomEphemerals.NONE, List.of(), start);
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (!seen.isEmpty() || !others.isEmpty() || !mayWait || left <= 0) {
                    return answer(session, view, start, page, seen, others);
                }
                TailWaits.within(news, Math.min(left, LONGEST_WAIT_MILLIS));
            }
        } finally {
            if (mayWait) {
                waitingOfUser.computeIfPresent(session.user(), (_, many) -> many == 1 ? null : many - 1);
                waiting.release();
            }
        }
    }

    private boolean isJoined(RoomId id, UserId user) {
        return rooms.shardOf(id)
                .room(id)
                .filter(room -> room.membership(user).equals("join"))
                .isPresent();
    }

    private boolean beginToWait(UserId user) {
        if (!waiting.tryAcquire()) {
            return false;
        }
        if (waitingOfUser.merge(user, 1, Integer::sum) > MOST_WAITING_OF_USER) {
            waitingOfUser.computeIfPresent(user, (_, many) -> many - 1);
            waiting.release();
            return false;
        }
        return true;
    }

    private PeekPosition start(RoomView view, @Nullable String from) {
        CachedRoom room = view.room();
        RoomPosition now = RoomPosition.after(room.incarnation(), room.lastSeq());
        if (from == null || from.isEmpty()) {
            return ephemerals.now(room, now);
        }
        RoomPosition asked = RoomPosition.parse(from, room.shard(), shards);
        RoomPosition start = asked.incarnation() == now.incarnation() ? asked : now;
        PeekPosition known = PeekPosition.parse(start, from);
        return known == null ? ephemerals.now(room, start) : known;
    }

    private StreamedJson answer(
            Session session,
            RoomView view,
            PeekPosition start,
            EventPage page,
            List<StoredEvent> seen,
            PeekedEphemerals.News others) {
        long now = clock.millis();
        ClientEvents client = new ClientEvents(session, now);
        CachedRoom room = view.room();
        RoomPosition told = page.events().isEmpty()
                ? start.room()
                : RoomPosition.at(room.incarnation(), page.events().getLast().place());
        PeekPosition next = others.next();
        PeekPosition end = new PeekPosition(told, next.receipts(), next.typing(), next.presence());
        return out -> {
            out.beginObject();
            out.field("start", start.encode()).field("end", end.encode());
            out.name("chunk").beginArray();
            seen.forEach(stored -> client.writeOld(out, stored));
            others.write(out, room.id(), now);
            out.endArray().endObject();
        };
    }
}
