package io.myelin.clientsync.sync;

import io.myelin.clientsync.cache.CachedRoom;
import io.myelin.clientsync.cache.GlobalCache;
import io.myelin.clientsync.cache.SharedRooms;
import io.myelin.clientsync.cache.TimelineEvent;
import io.myelin.clientsync.ephemeral.PresenceCache;
import io.myelin.clientsync.ephemeral.PresenceCache.Changes;
import io.myelin.clientsync.event.EventContent;
import io.myelin.clientsync.filter.EventFilter;
import io.myelin.clientsync.sync.UserCut.PresenceCut;
import io.myelin.clientsync.sync.UserCut.RoomCut;
import io.myelin.clientsync.sync.UserCut.ShardCut;
import io.myelin.clientsync.token.SyncToken;
import io.myelin.contracts.Unavailable;
import io.myelin.contracts.presence.PresenceState;
import io.myelin.contracts.presence.UserPresence;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.engine.ephemeral.Version;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.state.StateKey;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Takes the presence that one answer tells: that of the viewer, and of users who share a joined room with them. The
 * cost grows with the changes while they are few, else with the members of the viewer's rooms.
 */
final class PresenceCuts {
    /**
     * Up to so many changes, each changed user is looked up in the viewer's rooms. Beyond, each member of those rooms
     * is looked up among the changes.
     */
    private static final int FEW = 256;

    /**
     * Of up to so many users whom the viewer begins to share a room with, the offline ones are told too. Of more, clients
     * take those that are not told for offline.
     */
    private static final int FEW_NEWCOMERS = 100;

    private final GlobalCache rooms;
    private final SharedRooms shared;
    private final PresenceCache presence;
    private final Clock clock;

    PresenceCuts(GlobalCache rooms, SharedRooms shared, PresenceCache presence, Clock clock) {
        this.rooms = rooms;
        this.shared = shared;
        this.presence = presence;
        this.clock = clock;
    }

    PresenceCut take(SyncRequest request, Baseline baseline, List<ShardCut> cuts) {
        EventFilter filter = request.filter().presence();
        SyncToken since = request.since();
        if (!filter.acceptsType(PresenceSection.TYPE)) {
            return new PresenceCut(since == null ? presence.positions() : since.presence(), List.of());
        }
        UserId viewer = request.user();
        Map<UserId, UserPresence> told = new LinkedHashMap<>();
        List<Version> next;
        if (since == null) {
            next = presence.positions();
        } else {
            Changes changes = presence.since(since.presence(), FEW);
            next = changes.next();
            try {
                tellChanges(viewer, since.presence(), changes, told);
            } catch (Unavailable e) {
                // The rooms that decide who sees the changes cannot be loaded now: a later answer tells of them.
                next = since.presence();
            }
        }
        for (ShardCut cut : cuts) {
            boolean fresh = baseline.isFresh(cut.shard(), cut.position());
            long after = baseline.after(cut.shard(), cut.position());
            for (RoomCut room : cut.rooms()) {
                if (room.mine().membership().equals("join")) {
                    boolean all = fresh || room.newly();
                    tellNewcomers(request, newcomers(room, all, after), told);
                }
            }
        }
        if (since == null) {
            tellOwn(request, told);
        }
        return new PresenceCut(next, filtered(told, filter));
    }

    private static List<UserPresence> filtered(Map<UserId, UserPresence> told, EventFilter filter) {
        Integer limit = filter.limit();
        return told.values().stream()
                .filter(user -> filter.acceptsSender(user.user()))
                .limit(limit == null ? Long.MAX_VALUE : limit)
                .toList();
    }

    /** The viewer's own presence, with what this very request says of it: the cache hears of that a moment later. */
    private void tellOwn(SyncRequest request, Map<UserId, UserPresence> told) {
        UserId viewer = request.user();
        UserPresence known = presence.of(viewer).orElseGet(() -> unknown(viewer));
        if (known.presence() != PresenceState.OFFLINE || request.style() != AnswerStyle.SYNC) {
            told.put(viewer, known);
        } else if (request.presence() != PresenceState.OFFLINE
                && request.session().device() != null) {
            boolean isActive = request.presence() == PresenceState.ONLINE;
            told.put(
                    viewer,
                    new UserPresence(viewer, request.presence(), clock.millis(), isActive, known.statusMessage()));
        }
    }

    private static UserPresence unknown(UserId user) {
        return new UserPresence(user, PresenceState.OFFLINE, 0, false, null);
    }

    private void tellNewcomers(SyncRequest request, List<UserId> newcomers, Map<UserId, UserPresence> told) {
        boolean tellsOffline = newcomers.size() <= FEW_NEWCOMERS
                && (request.style() == AnswerStyle.ROOM_INITIAL_SYNC || request.since() != null);
        for (UserId user : newcomers) {
            if (tellsOffline && !user.equals(request.user())) {
                told.putIfAbsent(user, presence.of(user).orElseGet(() -> unknown(user)));
            } else {
                tellIfOnline(user, told);
            }
        }
    }

    private void tellIfOnline(UserId user, Map<UserId, UserPresence> told) {
        presence.of(user)
                .filter(now -> now.presence() != PresenceState.OFFLINE)
                .ifPresent(now -> told.putIfAbsent(user, now));
    }

    private void tellChanges(UserId viewer, List<Version> since, Changes changes, Map<UserId, UserPresence> told) {
        if (changes.changed().isEmpty()) {
            return;
        }
        presence.ifChanged(viewer, since).ifPresent(own -> told.put(viewer, own));
        Set<RoomId> joined = shared.joined(viewer);
        if (changes.many()) {
            for (RoomId id : joined) {
                rooms.roomIfReadable(id)
                        .ifPresent(room -> members(room)
                                .forEach(
                                        user -> presence.ifChanged(user, since).ifPresent(now -> told.put(user, now))));
            }
        } else {
            for (UserPresence changed : changes.changed()) {
                if (!changed.user().equals(viewer) && shared.isInAny(changed.user(), joined)) {
                    told.put(changed.user(), changed);
                }
            }
        }
    }

    private static List<UserId> members(CachedRoom room) {
        List<UserId> members = new ArrayList<>(room.counts().joined());
        room.state().forEach(EventTypes.MEMBER, (user, member) -> {
            if (EventContent.membership(member).equals("join")) {
                members.add(new UserId(user));
            }
        });
        return members;
    }

    /** The users with whom the viewer shares the room only since a number. */
    private static List<UserId> newcomers(RoomCut cut, boolean all, long after) {
        CachedRoom room = cut.room();
        if (all) {
            return members(room);
        }
        List<UserId> newcomers = new ArrayList<>();
        for (StateKey place : room.resolutions().since(after)) {
            if (place.type().equals(EventTypes.MEMBER)
                    && EventContent.membership(room.state().get(place)).equals("join")) {
                newcomers.add(new UserId(place.stateKey()));
            }
        }
        if (room.reachesBackTo(after)) {
            for (TimelineEvent event :
                    room.window().subList(room.indexAfter(after), room.window().size())) {
                StoredEvent stored = event.stored();
                if (event.changesState()
                        && stored.event().type().equals(EventTypes.MEMBER)
                        && EventContent.membership(stored).equals("join")
                        && !EventContent.membership(event.replaced()).equals("join")) {
                    newcomers.add(
                            new UserId(Objects.requireNonNull(stored.event().stateKey())));
                }
            }
        } else {
            room.state().forEach(EventTypes.MEMBER, (user, member) -> {
                if (member.seq() > after && EventContent.membership(member).equals("join")) {
                    newcomers.add(new UserId(user));
                }
            });
        }
        return newcomers;
    }
}
