package io.myelin.roomserver.storage;

import io.myelin.contracts.room.RoomQueries;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The size of an event, known without reading it.
 *
 * @param bytes the size of its body and of those that are read with it: of the event that it replaced and of its redaction
 */
record EventSize(long number, long bytes) {

    static EventSize read(ResultSet row) throws SQLException {
        return new EventSize(row.getLong("seq"), row.getLong("bytes"));
    }

    /** The numbers of the first events that fit into one answer; at least one. */
    static List<Long> heldByAPage(List<EventSize> events, int limit) {
        List<Long> page = new ArrayList<>();
        long bytes = 0;
        for (EventSize event : events) {
            bytes += event.bytes();
            if (page.size() == limit || (!page.isEmpty() && bytes > RoomQueries.PAGE_BYTES)) {
                break;
            }
            page.add(event.number());
        }
        return page;
    }
}
