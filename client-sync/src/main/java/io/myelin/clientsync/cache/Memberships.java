package io.myelin.clientsync.cache;

import io.myelin.clientsync.event.EventContent;
import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomFact.RoomForgotten;
import io.myelin.contracts.room.RoomFact.RoomPurged;
import io.myelin.contracts.room.RoomQueries.UserRoom;
import io.myelin.engine.Numbered;
import io.myelin.matrix.id.RoomId;
import java.util.HashMap;
import java.util.Map;

/** One user's rooms in one shard, immutable. */
public record Memberships(Map<RoomId, UserRoom> rooms) {
    public static final Memberships NONE = new Memberships(Map.of());

    public Memberships {
        rooms = Map.copyOf(rooms);
    }

    /** The memberships after a member event of this user, a room that they forgot, or a room that was purged. */
    Memberships with(Numbered<RoomFact> next) {
        return switch (next.fact()) {
            case RoomEvent event -> put(joined(event, next.seq()));
            case RoomForgotten forgotten -> {
                UserRoom room = rooms.get(forgotten.room());
                yield room == null
                        ? this
                        : put(new UserRoom(
                                room.room(),
                                room.membership(),
                                room.sender(),
                                room.event(),
                                room.seq(),
                                true,
                                room.newestSeq()));
            }
            case RoomPurged purged -> without(purged.room());
            case RoomFact.DirectoryVisibilityChanged _,
                    RoomFact.AliasChanged _,
                    RoomFact.AliasClaimed _,
                    RoomFact.ProfileNoted _,
                    RoomFact.StateResolved _,
                    RoomFact.StateReplaced _,
                    RoomFact.StateDifference _,
                    RoomFact.EventKept _,
                    RoomFact.HistoryInserted _,
                    RoomFact.BackwardExtremity _,
                    RoomFact.EarlyRedaction _,
                    RoomFact.PurgeBegun _,
                    RoomFact.PurgedRowsDeleted _,
                    RoomFact.HistoryPurged _,
                    RoomFact.RoomAdministered _,
                    RoomFact.BodiesPruned _,
                    RoomFact.Unknown _ -> this;
        };
    }

    private static UserRoom joined(RoomEvent member, long seq) {
        String membership = EventContent.string(member, "membership");
        return new UserRoom(
                member.room(),
                membership == null ? "leave" : membership,
                member.sender(),
                member.id(),
                seq,
                false,
                seq);
    }

    private Memberships without(RoomId room) {
        if (!rooms.containsKey(room)) {
            return this;
        }
        Map<RoomId, UserRoom> changed = new HashMap<>(rooms);
        changed.remove(room);
        return new Memberships(changed);
    }

    private Memberships put(UserRoom room) {
        Map<RoomId, UserRoom> changed = new HashMap<>(rooms);
        changed.put(room.room(), room);
        return new Memberships(changed);
    }
}
