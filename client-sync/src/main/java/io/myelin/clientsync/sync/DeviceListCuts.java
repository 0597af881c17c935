package io.myelin.clientsync.sync;

import io.myelin.clientsync.cache.CachedRoom;
import io.myelin.clientsync.cache.DeviceLists;
import io.myelin.clientsync.cache.DeviceLists.Changes;
import io.myelin.clientsync.cache.GlobalCache;
import io.myelin.clientsync.cache.SharedRooms;
import io.myelin.clientsync.cache.TimelineEvent;
import io.myelin.clientsync.cache.UserCache;
import io.myelin.clientsync.event.EventContent;
import io.myelin.clientsync.sync.UserCut.DeviceListCut;
import io.myelin.clientsync.sync.UserCut.RoomCut;
import io.myelin.clientsync.sync.UserCut.ShardCut;
import io.myelin.clientsync.token.SyncToken;
import io.myelin.contracts.Unavailable;
import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.RoomQueries.UserRoom;
import io.myelin.engine.Committed;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.state.StateKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds whose devices a client has to ask for anew, and whose no more. Client-server API, "Tracking the device list for a
 * user".
 *
 * <p>Changed are users who share a room with the viewer, and whose devices have changed, or who share a room only since.
 * Left are users who shared a room and share none any more. Both are decided by what the caches know now, which may be a
 * little later than the answer's positions: then the next answer tells the rest. Where it is uncertain whether the client
 * knows of a change, it is told. The cost grows with the changes while they are few, else with the members of the viewer's
 * rooms.
 */
final class DeviceListCuts {
    /** Up to so many users are looked up one by one; with more, all members of the viewer's rooms are gone through. */
    private static final int FEW = 100;

    private static final String JOIN = "join";

    private final GlobalCache rooms;
    private final UserCache users;
    private final SharedRooms shared;
    private final DeviceLists deviceLists;

    DeviceListCuts(GlobalCache rooms, UserCache users, SharedRooms shared, DeviceLists deviceLists) {
        this.rooms = rooms;
        this.users = users;
        this.shared = shared;
        this.deviceLists = deviceLists;
    }

    /** Users who have begun or ceased to share a room. */
    private record Moves(Set<UserId> came, Set<UserId> went) {}

    /** @param cuts what the answer tells of rooms, by shard */
    DeviceListCut take(SyncRequest request, Baseline baseline, List<ShardCut> cuts) {
        SyncToken since = request.since();
        if (since == null) {
            return new DeviceListCut(deviceLists.positions(), List.of(), List.of());
        }
        if (request.style() != AnswerStyle.SYNC && request.style() != AnswerStyle.KEY_CHANGES) {
            return new DeviceListCut(since.devices(), List.of(), List.of());
        }
        UserId viewer = request.user();
        Changes changes = deviceLists.since(since.devices(), viewer);
        if (!changes.complete() && request.style() == AnswerStyle.KEY_CHANGES) { // No later answer would tell the rest.
            throw new Unavailable("The changes of device lists cannot be asked for now.");
        }
        Moves moves = moves(viewer, baseline, cuts);
        boolean canWait = request.style() == AnswerStyle.SYNC && moves.went().size() <= FEW;
        if (isMuch(changes, moves)) {
            if (!canWait) {
                deviceLists.countWholeLook(viewer);
            } else if (!deviceLists.mayLookAtAll(viewer)) {
                return later(since, viewer, moves);
            }
        }
        Set<UserId> changed = new TreeSet<>(changes.own());
        changed.addAll(moves.came());
        if (changes.users().contains(viewer) || !changes.known()) {
            changed.add(viewer);
        }
        Set<UserId> asked = new HashSet<>(changes.users());
        asked.removeAll(changed);
        Set<UserId> left = new TreeSet<>(moves.went());
        if (isMuch(changes, moves)) {
            Set<RoomId> tooHeavy = new HashSet<>();
            Set<UserId> sharing = allWhoShare(viewer, tooHeavy);
            sharing.stream()
                    .filter(user -> !changes.known() || asked.contains(user))
                    .forEach(changed::add);
            left.removeAll(sharing);
            if (!tooHeavy.isEmpty()) {
                asked.removeAll(sharing);
                asked.stream().filter(user -> shares(user, tooHeavy)).forEach(changed::add);
                left.removeIf(user -> shares(user, tooHeavy));
            }
        } else if (!asked.isEmpty() || !left.isEmpty()) {
            Set<RoomId> joined = shared.joined(viewer);
            asked.stream().filter(user -> shares(user, joined)).forEach(changed::add);
            left.removeIf(user -> shares(user, joined));
        }
        left.remove(viewer);
        changed.removeAll(left);
        return new DeviceListCut(forward(since.devices(), changes.next()), List.copyOf(changed), List.copyOf(left));
    }

    /** Whether all members of the viewer's rooms are gone through, rather than each user on their own. */
    private static boolean isMuch(Changes changes, Moves moves) {
        return !changes.known() || changes.users().size() + moves.went().size() > FEW;
    }

    /**
     * Tells who came and went, which no later answer would. The positions stay: a later one tells what has changed.
     *
     * @param moves with few who went, since each is looked at alone
     */
    private DeviceListCut later(SyncToken since, UserId viewer, Moves moves) {
        Set<RoomId> joined = shared.joined(viewer);
        Set<UserId> left = new TreeSet<>(moves.went());
        left.removeIf(user -> user.equals(viewer) || shares(user, joined));
        Set<UserId> changed = new TreeSet<>(moves.came());
        changed.removeAll(left);
        return new DeviceListCut(since.devices(), List.copyOf(changed), List.copyOf(left));
    }

    /** A position never goes back: another reader may be further on. */
    private static List<Committed> forward(List<Committed> since, List<Committed> next) {
        Committed[] positions = new Committed[next.size()];
        for (int shard = 0; shard < positions.length; shard++) {
            Committed before = since.get(shard);
            Committed now = next.get(shard);
            positions[shard] = before.incarnation() == now.incarnation() && before.seq() > now.seq() ? before : now;
        }
        return List.of(positions);
    }

    /** The user's own memberships are asked for once, rather than all the viewer's rooms. */
    private boolean shares(UserId user, Set<RoomId> joined) {
        if (joined.isEmpty()) {
            return false;
        }
        users.ensure(user);
        return shared.isInAny(user, joined);
    }

    /** @param tooHeavy takes the rooms that cannot be read; who shares one of these is not in the answer */
    private Set<UserId> allWhoShare(UserId viewer, Set<RoomId> tooHeavy) {
        Set<UserId> sharing = new HashSet<>();
        for (RoomId id : shared.joined(viewer)) {
            rooms.roomIfReadable(id).ifPresentOrElse(room -> addMembers(room, sharing), () -> tooHeavy.add(id));
        }
        return sharing;
    }

    private static void addMembers(CachedRoom room, Set<UserId> into) {
        room.state().forEach(EventTypes.MEMBER, (user, member) -> {
            if (EventContent.membership(member).equals(JOIN)) {
                into.add(new UserId(user));
            }
        });
    }

    // --- who came and went

    private Moves moves(UserId viewer, Baseline baseline, List<ShardCut> cuts) {
        Moves moves = new Moves(new HashSet<>(), new HashSet<>());
        for (ShardCut cut : cuts) {
            boolean fresh = baseline.isFresh(cut.shard(), cut.position());
            long after = baseline.after(cut.shard(), cut.position());
            Map<RoomId, RoomCut> told = new HashMap<>();
            cut.rooms().forEach(room -> told.put(room.mine().room(), room));
            for (UserRoom mine : cut.mine().values()) {
                boolean joined = mine.membership().equals(JOIN);
                if (joined && (fresh || rooms.shards().get(cut.shard()).newest(mine) > after)) {
                    RoomCut here = told.get(mine.room());
                    room(here, mine).ifPresent(room -> {
                        if (fresh
                                || here != null && here.newly()
                                || here == null && isNewly(viewer, room, mine, after)) {
                            addMembers(room, moves.came());
                        } else {
                            movesIn(room, after, moves);
                        }
                    });
                } else if (!joined && !fresh && mine.seq() > after) {
                    room(told.get(mine.room()), mine).ifPresent(room -> leftBy(viewer, room, after, moves));
                }
            }
        }
        moves.came().remove(viewer);
        return moves;
    }

    /** The room as the answer tells it; as it is now if the answer does not tell of it, or tells only an excerpt. */
    private Optional<CachedRoom> room(@Nullable RoomCut told, UserRoom mine) {
        boolean isExcerpt =
                mine.membership().equals("invite") || mine.membership().equals("knock");
        return told == null || isExcerpt ? rooms.roomIfReadable(mine.room()) : Optional.of(told.room());
    }

    private boolean isNewly(UserId viewer, CachedRoom room, UserRoom mine, long after) {
        return mine.seq() > after && !wasJoined(room, viewer.value(), after);
    }

    private boolean wasJoined(CachedRoom room, String user, long at) {
        return rooms.loader().membershipAt(room, user, at).equals(JOIN);
    }

    /** Notes who joined and who left a room of the viewer after a number; whoever did both is in both sets. */
    private static void movesIn(CachedRoom room, long after, Moves moves) {
        for (StateKey place : room.resolutions().since(after)) {
            if (place.type().equals(EventTypes.MEMBER)) {
                note(room.state().get(place), place.stateKey(), moves);
            }
        }
        if (!room.reachesBackTo(after) || room.resolutions().replaced() > after) {
            room.state().forEach(EventTypes.MEMBER, (user, member) -> {
                if (room.since(member) > after) {
                    note(member, user, moves);
                }
            });
            return;
        }
        for (TimelineEvent event :
                room.window().subList(room.indexAfter(after), room.window().size())) {
            RoomEvent fact = event.stored().event();
            if (event.changesState() && fact.type().equals(EventTypes.MEMBER)) {
                boolean was = EventContent.membership(event.replaced()).equals(JOIN);
                boolean is = EventContent.membership(event.stored()).equals(JOIN);
                if (was != is) {
                    note(event.stored(), Objects.requireNonNull(fact.stateKey()), moves);
                }
            }
        }
    }

    private static void note(@Nullable StoredEvent member, String user, Moves moves) {
        boolean joined = EventContent.membership(member).equals(JOIN);
        (joined ? moves.came() : moves.went()).add(new UserId(user));
    }

    /** The viewer has left the room: whoever was in it with them before. Who came after them is not told. */
    private void leftBy(UserId viewer, CachedRoom room, long after, Moves moves) {
        if (!wasJoined(room, viewer.value(), after)) {
            return;
        }
        room.state().forEach(EventTypes.MEMBER, (user, member) -> {
            boolean then = room.since(member) <= after
                    ? EventContent.membership(member).equals(JOIN)
                    : wasJoined(room, user, after);
            if (then) {
                moves.went().add(new UserId(user));
            }
        });
    }
}
