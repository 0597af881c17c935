package io.myelin.clientroomsend.receipt;

import io.myelin.clientroomsend.receipt.ReadableEvents.Member;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Partitions;
import io.myelin.contracts.Position;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.receipt.Receipt;
import io.myelin.contracts.receipt.ReceiptCommand.SetReceipts;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.web.AttemptLimit;
import io.myelin.web.MatrixException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Moves clients' receipts. Client-server API, "Receipts", "Fully read markers". */
public final class Receipts {
    private static final Set<String> TYPES = Set.of(Receipt.PUBLIC, Receipt.PRIVATE, Receipt.FULLY_READ);

    private final ReceiptCommands commands;
    private final RoomQueries rooms;
    private final ReadableEvents events;
    private final Threads threads;
    private final AttemptLimit limit;
    private final int shards;
    private final InstantSource clock;

    /** @param limit of requests by one user */
    public Receipts(ReceiptCommands commands, RoomQueries rooms, AttemptLimit limit, int shards, InstantSource clock) {
        this.commands = commands;
        this.rooms = rooms;
        this.events = new ReadableEvents(rooms);
        this.threads = new Threads(rooms);
        this.limit = limit;
        this.shards = shards;
        this.clock = clock;
    }

    /**
     * Moves one receipt.
     *
     * @param type as the client gives it
     * @param thread null for an unthreaded receipt
     */
    public void set(Session session, RoomId room, String type, EventId event, @Nullable String thread) {
        if (!TYPES.contains(type)) {
            throw invalid("A receipt is 'm.read', 'm.read.private' or 'm.fully_read'.");
        }
        if (thread != null && type.equals(Receipt.FULLY_READ)) {
            throw invalid("A fully read marker is of no thread: leave out 'thread_id'.");
        }
        if (thread != null
                && !thread.equals(Threads.MAIN)
                && EventId.tryParse(thread).isEmpty()) {
            throw invalid("'thread_id' must be 'main' or the event ID of a thread's root.");
        }
        set(session, room, Map.of(type, event), thread);
    }

    /** Moves one receipt of each type; either all of them move or none. */
    public void set(Session session, RoomId room, Map<String, EventId> markers) {
        set(session, room, markers, null);
    }

    private void set(Session session, RoomId room, Map<String, EventId> markers, @Nullable String thread) {
        limit.attempt(session.user());
        Member member = events.member(room, session.user());
        if (markers.isEmpty()) {
            return;
        }
        int shard = Partitions.of(room.value(), shards);
        Map<EventId, StoredEvent> found = new HashMap<>();
        List<Receipt> receipts = new ArrayList<>();
        markers.forEach((type, id) -> {
            StoredEvent event = found.computeIfAbsent(id, _ -> events.find(member, id));
            if (thread != null && !threads.contains(room, thread, event)) {
                throw invalid("The event " + id + " is not in the thread " + thread + ".");
            }
            Position at = new Position(shard, rooms.committed(shard).incarnation(), event.seq());
            receipts.add(new Receipt(session.user(), type, thread, id, at, clock.millis()));
        });
        commands.set(new SetReceipts(room, receipts));
    }

    private static MatrixException invalid(String error) {
        return new MatrixException(MatrixError.invalidParam(error));
    }
}
