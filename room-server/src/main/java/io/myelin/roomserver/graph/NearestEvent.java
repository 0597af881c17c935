package io.myelin.roomserver.graph;

import static java.util.Objects.requireNonNull;

import io.myelin.contracts.room.RoomPlace;
import io.myelin.matrix.event.Pdu;
import io.myelin.roomserver.room.EventEntity;
import io.myelin.roomserver.storage.RoomTable.RoomRow;
import io.myelin.roomserver.storage.StoredPdus;
import io.myelin.roomserver.storage.StoredPdus.StoredPdu;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The event nearest to a time. There is no index by time, since every event would pay for it; but events come nearly in
 * order of time. So a binary search finds the place where the history passes the time, and the events around it are compared
 * one by one.
 */
public final class NearestEvent {

    /** How many events are looked at on either side. */
    static final int AROUND = 200;

    private static final Comparator<Pdu> BY_TIME =
            Comparator.comparingLong(Pdu::originServerTs).thenComparingLong(Pdu::depth);

    private static final Comparator<EventEntity> EARLIEST_FIRST =
            Comparator.comparing(EventEntity::pdu, BY_TIME).thenComparingLong(EventEntity::seq);

    private NearestEvent() {}

    /** The nearest event that the server sees, not earlier than the time if {@code forward}, else not later. */
    public static Optional<EventEntity> to(
            long timestamp, boolean forward, StoredPdus pdus, RoomRow room, ServerView view) {
        RoomPlace place = place(timestamp, pdus, room);
        List<StoredPdu> around = new ArrayList<>(pdus.lastBetween(RoomPlace.BEGINNING, place, AROUND));
        around.addAll(pdus.firstBetween(place, RoomPlace.END, AROUND));
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

    /**
     * The place where the history passes the time: the event just before it is earlier, the next one is not. The search
     * looks among the live events first, then in the history that was found before one of them.
     */
    private static RoomPlace place(long timestamp, StoredPdus pdus, RoomRow room) {
        long from = room.number();
        long to = room.asOf() + 1;
        while (from < to) {
            long middle = from + (to - from) / 2;
            Optional<StoredPdu> next = pdus.firstLive(middle, to);
            if (next.isEmpty() || time(next.get().event()) >= timestamp) {
                to = middle;
            } else {
                from = place(next.get()).anchor() + 1;
            }
        }
        return placeBefore(from, timestamp, pdus);
    }

    /** Searches the history that was found before the first live event from a number on. */
    private static RoomPlace placeBefore(long anchor, long timestamp, StoredPdus pdus) {
        RoomPlace end =
                pdus.firstLive(anchor, Long.MAX_VALUE).map(NearestEvent::place).orElseGet(() -> RoomPlace.live(anchor));
        List<StoredPdu> first = pdus.firstBetween(new RoomPlace(end.anchor(), Integer.MIN_VALUE), end, 1);
        int from = first.isEmpty() ? end.back() : place(first.getFirst()).back();
        int to = end.back();
        while (from < to) {
            int middle = from + (to - from) / 2;
            List<StoredPdu> at = pdus.firstBetween(new RoomPlace(end.anchor(), middle), end, 1);
            if (at.isEmpty() || time(at.getFirst().event()) >= timestamp) {
                to = middle;
            } else {
                from = place(at.getFirst()).back() + 1;
            }
        }
        return new RoomPlace(end.anchor(), to);
    }

    private static RoomPlace place(StoredPdu pdu) {
        return requireNonNull(pdu.event().place());
    }

    private static long time(EventEntity event) {
        return event.pdu().originServerTs();
    }
}
