package io.myelin.clientsync.read;

import io.myelin.clientsync.cache.RoomLoader;
import io.myelin.clientsync.cache.WindowHistory;
import io.myelin.clientsync.event.EventContent;
import io.myelin.clientsync.visibility.Viewer;
import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.RoomQueries.Wanted;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who saw what in states of long ago: history that was found later is no part of what the room's state was, as this server
 * knew it. For one request; each state is asked for once.
 */
public final class PastStates {
    private final RoomLoader loader;
    private final RoomId room;
    private final UserId user;
    private final Map<Long, Viewer.Then> known = new HashMap<>();

    PastStates(RoomLoader loader, RoomId room, UserId user) {
        this.loader = loader;
        this.room = room;
        this.user = user;
    }

    /** Asks for all states before these events at once. */
    void read(List<StoredEvent> events) {
        List<Long> states = events.stream()
                .filter(stored -> stored.place().isHistory())
                .map(stored -> stored.event().state())
                .filter(state -> !known.containsKey(state))
                .distinct()
                .toList();
        if (!states.isEmpty()) {
            List<Wanted> wanted =
                    List.of(new Wanted(EventTypes.HISTORY_VISIBILITY, ""), new Wanted(EventTypes.MEMBER, user.value()));
            loader.inStates(room, states, wanted).forEach((state, places) -> known.put(state, before(places)));
        }
    }

    /** What the states before and after an event say. */
    Viewer.Then at(StoredEvent stored) {
        read(List.of(stored));
        Viewer.Then before = Objects.requireNonNull(known.get(stored.event().state()));
        RoomEvent event = stored.event();
        boolean isVisibility = event.type().equals(EventTypes.HISTORY_VISIBILITY) && "".equals(event.stateKey());
        boolean isOwn = event.type().equals(EventTypes.MEMBER) && user.value().equals(event.stateKey());
        return new Viewer.Then(
                before.visibility(),
                before.membership(),
                isVisibility ? WindowHistory.visibility(stored) : before.visibility(),
                isOwn ? EventContent.membership(stored) : before.membership());
    }

    private static Viewer.Then before(List<StoredEvent> places) {
        String visibility = WindowHistory.visibility(find(places, EventTypes.HISTORY_VISIBILITY));
        String membership = EventContent.membership(find(places, EventTypes.MEMBER));
        return new Viewer.Then(visibility, membership, visibility, membership);
    }

    private static @Nullable StoredEvent find(List<StoredEvent> places, String type) {
        return places.stream()
                .filter(stored -> stored.event().type().equals(type))
                .findFirst()
                .orElse(null);
    }
}
