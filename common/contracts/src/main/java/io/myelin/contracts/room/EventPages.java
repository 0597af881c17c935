package io.myelin.contracts.room;

import io.myelin.contracts.room.RoomQueries.NumberedEvents;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.id.RoomId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Loads events by their numbers, page by page, so that only one page is in memory at a time. */
public final class EventPages {

    private EventPages() {}

    /** Passes each event on, in the order of the numbers; numbers without an event are skipped. */
    public static void forEach(RoomQueries rooms, RoomId room, long[] numbers, Consumer<StoredEvent> each) {
        int done = 0;
        while (done < numbers.length) {
            int end = Math.min(numbers.length, done + RoomQueries.PAGE_EVENTS);
            NumberedEvents page = rooms.numbered(room, Arrays.copyOfRange(numbers, done, end));
            page.events().forEach(each);
            done += Math.max(1, page.taken());
        }
    }

    /** All of the events. Only for a small number of them. */
    public static List<StoredEvent> all(RoomQueries rooms, RoomId room, long[] numbers) {
        List<StoredEvent> all = new ArrayList<>(numbers.length);
        forEach(rooms, room, numbers, all::add);
        return all;
    }
}
