package io.myelin.roomserver.graph;

import static io.myelin.contracts.room.RoomGraphQueries.MOST_BACKFILLED;
import static io.myelin.contracts.room.RoomGraphQueries.MOST_ENDS;
import static io.myelin.contracts.room.RoomGraphQueries.MOST_WALKED;

import io.myelin.matrix.id.EventId;
import io.myelin.roomserver.storage.StoredPdus;
import io.myelin.roomserver.storage.StoredPdus.StoredPdu;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;

/** The history before some events, including these events. */
public final class Backfill {

    private static final Comparator<StoredPdu> DEEPEST_FIRST = Comparator.comparingLong(
                    (StoredPdu pdu) -> pdu.event().pdu().depth())
            .thenComparingLong(pdu -> pdu.event().seq())
            .reversed();

    private Backfill() {}

    /** Takes events one by one, always the deepest that is cited by those taken before. */
    public static List<StoredPdu> of(StoredPdus pdus, List<EventId> from, int limit) {
        int atMost = Math.min(limit, MOST_BACKFILLED);
        List<StoredPdu> found = new ArrayList<>();
        List<EventId> ends = from.stream().distinct().limit(MOST_ENDS).toList();
        Set<EventId> reached = new HashSet<>(ends);
        PriorityQueue<StoredPdu> open = new PriorityQueue<>(DEEPEST_FIRST);
        open.addAll(pdus.find(ends).values());
        while (!open.isEmpty() && found.size() < atMost) {
            StoredPdu deepest = open.remove();
            if (deepest.event().isServed()) {
                found.add(deepest);
            }
            List<EventId> before = deepest.event().pdu().prevEvents().stream()
                    .filter(id -> reached.size() < MOST_WALKED && reached.add(id))
                    .toList();
            open.addAll(pdus.find(before).values());
        }
        return found;
    }
}
