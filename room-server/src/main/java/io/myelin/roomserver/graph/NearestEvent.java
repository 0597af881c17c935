package io.myelin.roomserver.graph;

import io.myelin.matrix.event.Pdu;
import io.myelin.roomserver.room.EventEntity;
import io.myelin.roomserver.storage.RoomTable.RoomRow;
import io.myelin.roomserver.storage.StoredPdus;
import io.myelin.roomserver.storage.StoredPdus.StoredPdu;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The event nearest to a time. Events are not found by their time, which would cost every one of them an index; but they
 * come nearly in its order. So the place where the history passes the time is searched by halves, and what is around it by
 * eye.
 */
public final class NearestEvent {

    /** How many events are looked at on either side. */
    static final int AROUND = 200;

    private static final Comparator<Pdu> BY_TIME =
            Comparator.comparingLong(Pdu::originServerTs).thenComparingLong(Pdu::depth);

    private static final Comparator<EventEntity> EARLIEST_FIRST =
            Comparator.comparing(EventEntity::pdu, BY_TIME).thenComparingLong(EventEntity::seq);

    private NearestEvent() {}

    /** One that the server sees, not earlier than the time, or not later. */
    public static Optional<EventEntity> to(
            long timestamp, boolean forward, StoredPdus pdus, RoomRow room, ServerView view) throws SQLException {
        long place = place(timestamp, pdus, room);
        List<StoredPdu> around = new ArrayList<>(pdus.lastBetween(0, place, AROUND));
        around.addAll(pdus.firstBetween(place, Long.MAX_VALUE, AROUND));
        List<EventEntity> nearestFirst = around.stream()
                .map(StoredPdu::event)
                .filter(event -> forward ? time(event) >= timestamp : time(event) <= timestamp)
                .sorted(forward ? EARLIEST_FIRST : EARLIEST_FIRST.reversed())
                .toList();
        for (EventEntity event : nearestFirst) {
            if (view.sees(event)) {
                return Optional.of(event);
            }
        }
        return Optional.empty();
    }

    /** A position in the history: what comes next before it is earlier, what comes next from it on is not. */
    private static long place(long timestamp, StoredPdus pdus, RoomRow room) throws SQLException {
        long from = room.number();
        long to = room.asOf() + 1;
        while (from < to) {
            long middle = from + (to - from) / 2;
            List<StoredPdu> next = pdus.firstBetween(middle, to, 1);
            if (next.isEmpty() || time(next.getFirst().event()) >= timestamp) {
                to = middle;
            } else {
                from = next.getFirst().event().seq() + 1;
            }
        }
        return from;
    }

    private static long time(EventEntity event) {
        return event.pdu().originServerTs();
    }
}
