package io.myelin.roomserver.room;

import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomFact.BodiesPruned;
import io.myelin.contracts.room.RoomFact.EventKept;
import io.myelin.contracts.room.RoomFact.HistoryPurged;
import io.myelin.contracts.room.RoomFact.PurgeBegun;
import io.myelin.contracts.room.RoomFact.PurgedRowsDeleted;
import io.myelin.contracts.room.RoomFact.RoomAdministered;
import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomFact.RoomPurged;
import io.myelin.contracts.room.RoomFact.StateResolved;
import io.myelin.contracts.room.RoomShutdown;
import io.myelin.matrix.id.EventId;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A fact, with what room-server's tables keep of it beyond what is published. */
public sealed interface RoomChange {

    /** What other services are told. */
    RoomFact published();

    /**
     * A live event.
     *
     * @param head null if the room goes on from the event alone
     * @param restsOn the numbers of the events that permit it
     */
    record LiveEvent(RoomEvent published, @Nullable RoomHead head, List<Long> authEvents) implements RoomChange {}

    /**
     * An event that has no place in its room.
     *
     * @param redacts the event that this one redacts, if it may
     * @param body as in {@link RoomEvent}
     * @param redactedBy the number of the redaction that arrived before it; 0 for none
     * @param restsOn the numbers of the events that are to permit it
     */
    record KeptEvent(
            EventKept published, @Nullable EventId redacts, byte[] body, long redactedBy, List<Long> authEvents)
            implements RoomChange {}

    /** @param head null if the fact does not change where the room goes on */
    record Resolution(StateResolved published, @Nullable RoomHead head) implements RoomChange {}

    /** @param created the number of the room's create event */
    record PurgeStarted(RoomId room, long created) implements RoomChange {
        @Override
        public RoomFact published() {
            return new PurgeBegun(room);
        }
    }

    /** @param created the number of the room's create event */
    record RoomGone(RoomId room, long created) implements RoomChange {
        @Override
        public RoomFact published() {
            return new RoomPurged(room);
        }
    }

    /**
     * @param remains empty if nothing was left, so that the room's ID is free
     * @param step which of the slices it was, from 0 on
     */
    record RowsDeleted(RoomId room, RoomRemains remains, int step) implements RoomChange {
        @Override
        public RoomFact published() {
            return new PurgedRowsDeleted(room);
        }
    }

    /**
     * @param kept as in {@link HistoryPurge}
     * @param earlier the number of the room's purge before it, which it supersedes; 0 for none
     */
    record HistoryHidden(
            HistoryPurged published, @Nullable ServerName kept, long earlier) implements RoomChange {}

    /**
     * @param purge as it is after the slice
     * @param slice what is deleted
     */
    record HistoryDeleted(RoomId room, HistoryPurge purge, HistorySlice slice) implements RoomChange {
        @Override
        public RoomFact published() {
            return new PurgedRowsDeleted(room);
        }
    }

    /** @param by the administrator who has blocked the room; null if it is not blocked any more */
    record BlockSet(RoomId room, @Nullable UserId by) implements RoomChange {
        @Override
        public RoomFact published() {
            return new RoomAdministered(room);
        }
    }

    /** A shutdown of a room has begun. */
    record ShutdownNoted(RoomId room, RoomShutdown shutdown) implements RoomChange {
        @Override
        public RoomFact published() {
            return new RoomAdministered(room);
        }
    }

    /**
     * Our users were asked to leave a room that stays. It may be entered again.
     *
     * @param created the number of the room's create event
     */
    record ShutdownEnded(RoomId room, long created) implements RoomChange {
        @Override
        public RoomFact published() {
            return new RoomAdministered(room);
        }
    }

    /** @param redactions the numbers of the redactions that are done with */
    record Pruned(List<PrunedBody> bodies, List<Long> redactions) implements RoomChange {
        @Override
        public RoomFact published() {
            return new BodiesPruned();
        }
    }

    /** A fact of which the tables keep nothing beyond what is published. */
    record Plain(RoomFact published) implements RoomChange {}
}
