package io.myelin.clientsync.read;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.RoomQueries.EventPage;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.web.JsonWriter;
import io.myelin.web.MatrixException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The event of a room that is nearest to a time: {@code /rooms/{id}/timestamp_to_event}. Events stand about in the order
 * of their timestamps, so the time's place is found by halving the room's history; what servers with other clocks have
 * sent is compared around that place.
 */
public final class EventByTime {
    private static final int AROUND = 100;
    private static final int MOST_STEPS = 150;
    private static final int MOST_PAGES = 10;

    /** No event is later than this. */
    private static final long LATEST = Long.MAX_VALUE / 2;

    private final JoinedRooms joinedRooms;
    private final RoomEvents events;

    public EventByTime(JoinedRooms joinedRooms, RoomEvents events) {
        this.joinedRooms = joinedRooms;
        this.events = events;
    }

    /**
     * @param time in milliseconds since the epoch
     * @param forward whether an event at or after the time is wanted; else at or before it
     * @throws MatrixException 404 if the user sees no such event
     */
    public byte[] find(UserId user, RoomId room, long time, boolean forward) {
        RoomView view = joinedRooms.history(user, room);
        long then = Math.clamp(time, 0, LATEST);
        StoredEvent found = nearest(view, place(view, then), then, forward)
                .or(() -> forward ? sinceTheyJoined(view, user, then) : Optional.empty())
                .orElseThrow(() -> new MatrixException(MatrixError.notFound("There is no event "
                        + (forward ? "at or after " : "at or before ") + time + " that you could see.")));
        JsonWriter out = new JsonWriter();
        out.beginObject();
        out.field("event_id", found.event().id().value());
        out.field("origin_server_ts", found.event().timestamp());
        out.endObject();
        return out.toBytes();
    }

    /** The place of the first event that is not before the time, as if all clocks were right. */
    private RoomPlace place(RoomView view, long time) {
        StoredEvent first = one(view, RoomPlace.BEGINNING, RoomPlace.END, false);
        StoredEvent last = one(view, RoomPlace.BEGINNING, RoomPlace.END, true);
        if (first == null || last == null || first.event().timestamp() >= time) {
            return first == null ? RoomPlace.BEGINNING : first.place();
        }
        if (last.event().timestamp() < time) {
            return RoomPlace.END;
        }
        RoomPlace low = first.place();
        RoomPlace answer = last.place();
        RoomPlace upper = answer;
        for (int step = 0; step < MOST_STEPS; step++) {
            RoomPlace half = between(low, upper);
            boolean halves = low.isBefore(half) && half.isBefore(upper);
            StoredEvent middle = one(view, halves ? half : low, upper, false);
            if (middle == null && !halves) {
                return answer;
            }
            if (middle == null) {
                upper = new RoomPlace(half.anchor(), half.back() + 1);
            } else if (middle.event().timestamp() >= time) {
                answer = middle.place();
                upper = answer;
            } else {
                low = middle.place();
            }
        }
        return answer;
    }

    /** A place from which on about half of what lies between two places is found. */
    private static RoomPlace between(RoomPlace low, RoomPlace high) {
        long anchors = high.anchor() - low.anchor();
        if (anchors > 1) {
            return new RoomPlace(low.anchor() + anchors / 2, 0);
        }
        int most = anchors == 0 ? high.back() : 0;
        return new RoomPlace(low.anchor(), (int) (low.back() + ((long) most - low.back()) / 2));
    }

    private @Nullable StoredEvent one(RoomView view, RoomPlace after, RoomPlace before, boolean backward) {
        List<StoredEvent> found = events.page(view, after, before, backward, 1).events();
        return found.isEmpty() ? null : found.getFirst();
    }

    private Optional<StoredEvent> nearest(RoomView view, RoomPlace place, long time, boolean forward) {
        RoomPlace from = new RoomPlace(place.anchor(), place.back() - 1);
        EventPage later = events.page(view, from, RoomPlace.END, false, AROUND);
        EventPage earlier = events.page(view, RoomPlace.BEGINNING, place, true, AROUND);
        List<StoredEvent> around = new ArrayList<>(later.events());
        around.addAll(earlier.events());
        EventPage page = forward ? later : earlier;
        for (int pages = 0; pages < MOST_PAGES; pages++) {
            Optional<StoredEvent> found = best(view, around, time, forward);
            if (found.isPresent() || page.end() || page.events().isEmpty()) {
                return found;
            }
            RoomPlace last = page.events().getLast().place();
            page = forward
                    ? events.page(view, last, RoomPlace.END, false, AROUND)
                    : events.page(view, RoomPlace.BEGINNING, last, true, AROUND);
            around = page.events();
        }
        return Optional.empty();
    }

    /** For a user who does not see what was before they came: the nearest event since then. */
    private Optional<StoredEvent> sinceTheyJoined(RoomView view, UserId user, long time) {
        StoredEvent member = view.room().member(user);
        if (member == null) {
            return Optional.empty();
        }
        RoomPlace before = new RoomPlace(member.place().anchor(), member.place().back() - 1);
        return best(
                view, events.page(view, before, RoomPlace.END, false, AROUND).events(), time, true);
    }

    private static Optional<StoredEvent> best(RoomView view, List<StoredEvent> candidates, long time, boolean forward) {
        Comparator<StoredEvent> order = Comparator.<StoredEvent>comparingLong(
                        stored -> Math.abs(stored.event().timestamp() - time))
                .thenComparing(
                        StoredEvent::place, forward ? Comparator.naturalOrder() : Comparator.<RoomPlace>reverseOrder());
        return candidates.stream()
                .filter(stored -> forward
                        ? stored.event().timestamp() >= time
                        : stored.event().timestamp() <= time)
                .filter(view::sees)
                .min(order);
    }
}
