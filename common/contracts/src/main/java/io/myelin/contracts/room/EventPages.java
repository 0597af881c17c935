package io.myelin.contracts.room;

import io.myelin.contracts.room.RoomQueries.NumberedEvents;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.id.RoomId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Asks for events by their numbers, page after page: of many events only one page is held for the reader at a time. */
public final class EventPages {

    private EventPages() {}

    /** Has each of the events, in the order of the numbers; those that do not exist are passed over. */
    public static void forEach(RoomQueries rooms, RoomId room, long[] numbers, Consumer<StoredEvent> each) {
        int done = 0;
        while (done < numbers.length) {
            int end = Math.min(numbers.length, done + RoomQueries.PAGE_EVENTS);
            NumberedEvents page = rooms.numbered(room, Arrays.copyOfRange(numbers, done, end));
            page.events().forEach(each);
            done += Math.max(1, page.taken());
        }
    }

    /** All of the events, for whoever knows that they are few. */
    public static List<StoredEvent> all(RoomQueries rooms, RoomId room, long[] numbers) {
        List<StoredEvent> all = new ArrayList<>(numbers.length);
        forEach(rooms, room, numbers, all::add);
        return all;
    }
}
