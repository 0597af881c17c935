package io.myelin.clientsync.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.RoomQueries.Wanted;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.visibility.HistoryVisibility;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The {@code history_visibility} of rooms in states that were never their current one. It is cached because all members
 * of a room ask the same when an event comes on a fork, and a state never changes.
 */
final class PastVisibilities {
    private static final int MOST = 20_000;
    private static final List<Wanted> WANTED = List.of(new Wanted(EventTypes.HISTORY_VISIBILITY, ""));

    private record Key(RoomId room, long incarnation, long state) {}

    private final RoomQueries rooms;
    private final Cache<Key, HistoryVisibility> known =
            Caffeine.newBuilder().maximumSize(MOST).build();
    private final LoadQueue<Key> loads = new LoadQueue<>();

    PastVisibilities(RoomQueries rooms) {
        this.rooms = rooms;
    }

    /** The visibilities by the names of the states; empty if the room is gone. */
    Map<Long, HistoryVisibility> in(RoomId room, long incarnation, Collection<Long> states) {
        List<Key> wanted =
                states.stream().map(state -> new Key(room, incarnation, state)).toList();
        Map<Key, HistoryVisibility> found = known.getAllPresent(wanted);
        if (found.size() < wanted.size()) {
            // A load that waited for its turn finds what others have asked meanwhile.
            found = loads.inTurn(() -> known.getAll(wanted, keys -> ask(room, keys)));
        }
        Map<Long, HistoryVisibility> byState = new HashMap<>();
        found.forEach((key, visibility) -> byState.put(key.state(), visibility));
        return byState;
    }

    private Map<Key, HistoryVisibility> ask(RoomId room, Set<? extends Key> keys) {
        List<Key> asked = new ArrayList<>(keys);
        List<List<StoredEvent>> answers =
                rooms.inStates(room, asked.stream().map(Key::state).toList(), WANTED);
        Map<Key, HistoryVisibility> visibilities = new HashMap<>();
        for (int i = 0; i < answers.size(); i++) {
            visibilities.put(
                    asked.get(i),
                    QueriedPastStates.visibility(
                            answers.get(i).stream().findFirst().orElse(null)));
        }
        return visibilities;
    }
}
