package io.myelin.clientroomsend.purge;

import io.myelin.clientroomsend.command.RoomCommands;
import io.myelin.clientroomsend.lookup.RoomStates;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.NotOffered;
import io.myelin.contracts.account.Session;
import io.myelin.contracts.room.RoomAdminCommand.PurgeHistory;
import io.myelin.contracts.room.RoomAnswer;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomQueries.HistoryPurge;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.web.MatrixException;
import java.util.List;
import java.util.Optional;

/** Purges the histories of rooms for administrators. room-server hides the history at once, and deletes it in the background. */
public final class HistoryPurges {
    /** Halving a shard's numbers takes no more steps than a number has bits. */
    private static final int MOST_STEPS = Long.SIZE;

    private final RoomCommands commands;
    private final RoomQueries rooms;
    private final RoomStates states;
    private final ServerName server;

    /** @param server whose users' messages are kept unless their deletion is asked for */
    public HistoryPurges(RoomCommands commands, RoomQueries rooms, ServerName server) {
        this.commands = commands;
        this.rooms = rooms;
        this.states = new RoomStates(rooms);
        this.server = server;
    }

    /**
     * Purges what comes before an event.
     *
     * @param deletesLocal whether messages of this server's users are deleted, too, and not only hidden
     * @throws MatrixException 403 if the requester is no administrator, 404 if the room does not have the event, 400 if the
     *     history of the room is being purged already
     */
    public PurgeId before(Session session, RoomId room, EventId event, boolean deletesLocal) {
        Administrators.require(session);
        states.require(room);
        RoomAnswer answer = commands.execute(new PurgeHistory(room, event, deletesLocal ? null : server), null);
        if (answer instanceof RoomAnswer.Refused(MatrixError error)) {
            throw new MatrixException(error);
        }
        if (answer instanceof RoomAnswer.Done done) {
            return new PurgeId(room, done.at().seq());
        }
        throw new IllegalStateException("A history was to be purged, and room-server did something else.");
    }

    /**
     * As above, before the first event that was sent after a time; if there is none, before the newest event. Events stand
     * about in the order of their timestamps, so the place is found by halving the history.
     *
     * @param time in milliseconds since the epoch
     */
    public PurgeId until(Session session, RoomId room, long time, boolean deletesLocal) {
        Administrators.require(session);
        states.require(room);
        StoredEvent newest = one(room, RoomPlace.BEGINNING, true)
                .orElseThrow(() -> new MatrixException(MatrixError.notFound("There is no event to be purged.")));
        long low = 0;
        long high = newest.seq();
        for (int step = 0; step < MOST_STEPS && low < high; step++) {
            long middle = low + (high - low) / 2;
            Optional<StoredEvent> next = one(room, RoomPlace.live(middle), false);
            if (next.isEmpty() || next.get().event().timestamp() > time) {
                high = middle;
            } else {
                low = next.get().seq();
            }
        }
        EventId first = one(room, RoomPlace.live(low), false).orElse(newest).event().id();
        return before(session, room, first, deletesLocal);
    }

    private Optional<StoredEvent> one(RoomId room, RoomPlace after, boolean backward) {
        List<StoredEvent> found =
                rooms.events(room, after, RoomPlace.END, backward, 1).events();
        return found.stream().findFirst();
    }

    /**
     * Whether a purge is complete.
     *
     * @throws MatrixException 403 if the requester is no administrator, whatever the ID; 404 if there was no such purge, or
     *     the room is not there any more
     */
    public boolean isComplete(Session session, String purgeId) {
        Administrators.require(session);
        PurgeId id = PurgeId.parse(purgeId);
        HistoryPurge newest = newest(id.room())
                .filter(purge -> purge.number() >= id.number())
                .orElseThrow(() -> new MatrixException(MatrixError.notFound("There is no such purge_id.")));
        return newest.number() > id.number() || newest.complete();
    }

    private Optional<HistoryPurge> newest(RoomId room) {
        try {
            return rooms.historyPurgeOf(room);
        } catch (NotOffered beforePurges) {
            return Optional.empty();
        }
    }
}
