package io.myelin.clientsync.read;

import io.myelin.clientsync.cache.CachedRoom;
import io.myelin.clientsync.cache.WindowHistory;
import io.myelin.clientsync.event.EventContent;
import io.myelin.clientsync.visibility.ValueHistory;
import io.myelin.clientsync.visibility.ValueHistory.Change;
import io.myelin.clientsync.visibility.Viewer;
import io.myelin.contracts.room.RoomQueries;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What decides who sees what, over the whole of a room's history. Mostly the cached room says it; else room-server does. */
public final class Histories {
    private final RoomQueries rooms;

    public Histories(RoomQueries rooms) {
        this.rooms = rooms;
    }

    Viewer viewer(CachedRoom room, UserId user) {
        if (room.complete()) {
            return WindowHistory.viewer(room, user);
        }
        return new Viewer(
                user,
                history(room, EventTypes.HISTORY_VISIBILITY, "", "shared", Histories::visibility),
                history(room, EventTypes.MEMBER, user.value(), "leave", EventContent::membership));
    }

    /** @param before the value before there was any such event */
    private ValueHistory history(
            CachedRoom room, String type, String stateKey, String before, Function<StoredEvent, String> value) {
        StoredEvent now = room.state().get(type, stateKey);
        if (now == null) {
            return ValueHistory.always(before);
        }
        List<StoredEvent> all =
                now.event().replaces() == 0 ? List.of(now) : rooms.stateHistory(room.id(), type, stateKey);
        List<Change> changes = all.stream()
                .filter(stored -> stored.seq() <= room.lastSeq())
                .map(stored -> new Change(stored.seq(), value.apply(stored)))
                .toList();
        return new ValueHistory(before, changes);
    }

    private static String visibility(StoredEvent stored) {
        String value = EventContent.string(stored.event(), "history_visibility");
        return value == null ? "shared" : value;
    }

    /**
     * The number of the event by which a user ceased to be joined for the last time; empty if they never were.
     *
     * @param member the user's member event now, which says that they are not
     */
    Optional<Long> leftAt(CachedRoom room, StoredEvent member) {
        if (EventContent.membershipBefore(member).equals("join")) {
            return Optional.of(member.seq());
        }
        String user = member.event().stateKey();
        if (member.event().replaces() == 0 || user == null) {
            return Optional.empty();
        }
        List<StoredEvent> all = new ArrayList<>(rooms.stateHistory(room.id(), EventTypes.MEMBER, user));
        for (int i = all.size() - 2; i >= 0; i--) {
            if (EventContent.membership(all.get(i)).equals("join")) {
                return Optional.of(all.get(i + 1).seq());
            }
        }
        return Optional.empty();
    }
}
