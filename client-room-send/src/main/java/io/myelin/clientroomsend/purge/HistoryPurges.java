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
import io.myelin.contracts.room.RoomQueries.EventPage;
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

    /** How many events before the place that was found are looked at one by one. */
    private static final int MOST_LOOKED_BACK = 20_000;

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
     * about in the order of their timestamps, so the place is found by halving the history, and the events just before it are
     * compared one by one.
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
        StoredEvent found = one(room, RoomPlace.live(low), false).orElse(newest);
        StoredEvent first = earliestAfter(time, room, found);
        if (one(room, first.place(), RoomPlace.BEGINNING).isEmpty()) {
            throw new MatrixException(MatrixError.notFound("There is no event to be purged."));
        }
        return before(session, room, first.event().id(), deletesLocal);
    }

    /**
     * The first of the newest events before a place that was sent after a time, or else the event of that place: an event with
     * a wrong timestamp may have misled the search.
     */
    private StoredEvent earliestAfter(long time, RoomId room, StoredEvent found) {
        StoredEvent earliest = found;
        RoomPlace at = found.place();
        for (int looked = 0; looked < MOST_LOOKED_BACK; ) {
            EventPage page = rooms.events(room, RoomPlace.BEGINNING, at, true, RoomQueries.PAGE_EVENTS);
            for (StoredEvent event : page.events()) {
                earliest = event.event().timestamp() > time ? event : earliest;
                at = event.place();
            }
            looked += page.events().size();
            if (page.end() || page.events().isEmpty()) {
                break;
            }
        }
        return earliest;
    }

    private Optional<StoredEvent> one(RoomId room, RoomPlace before, RoomPlace after) {
        return rooms.events(room, after, before, true, 1).events().stream().findFirst();
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
