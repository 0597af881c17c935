package io.myelin.clientsync.cache;

import io.myelin.contracts.room.RoomFact;
import io.myelin.contracts.room.RoomFact.AliasChanged;
import io.myelin.contracts.room.RoomFact.AliasClaimed;
import io.myelin.contracts.room.RoomFact.BackwardExtremity;
import io.myelin.contracts.room.RoomFact.BodiesPruned;
import io.myelin.contracts.room.RoomFact.DirectoryVisibilityChanged;
import io.myelin.contracts.room.RoomFact.EarlyRedaction;
import io.myelin.contracts.room.RoomFact.EventKept;
import io.myelin.contracts.room.RoomFact.HistoryInserted;
import io.myelin.contracts.room.RoomFact.HistoryPurged;
import io.myelin.contracts.room.RoomFact.ProfileNoted;
import io.myelin.contracts.room.RoomFact.PurgeBegun;
import io.myelin.contracts.room.RoomFact.PurgedRowsDeleted;
import io.myelin.contracts.room.RoomFact.RoomEvent;
import io.myelin.contracts.room.RoomFact.RoomForgotten;
import io.myelin.contracts.room.RoomFact.RoomPurged;
import io.myelin.contracts.room.RoomFact.StateChange;
import io.myelin.contracts.room.RoomFact.StateDifference;
import io.myelin.contracts.room.RoomFact.StateReplaced;
import io.myelin.contracts.room.RoomFact.StateResolved;
import io.myelin.contracts.room.RoomPlace;
import io.myelin.contracts.room.RoomQueries.UserRoom;
import io.myelin.engine.Committed;
import io.myelin.engine.Numbered;
import io.myelin.engine.tail.TailCache;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is cached of one room shard: rooms, and the users' memberships in them. */
public final class RoomShard extends CachedShard<RoomFact> {
    /** Is told of a cached room that has changed; called while the shard's lock is held. */
    @FunctionalInterface
    interface Growth {
        void of(CachedRoom room);
    }

    private final UserWakeups news;
    private final Growth growth;
    private final TailCache<RoomId, CachedRoom, RoomFact> rooms = values(RoomShard::folded, Weights::of);
    private final TailCache<UserId, Memberships, RoomFact> users = values(Memberships::with, Weights::of);

    /** The newest numbers of the rooms that changed last. */
    private final NewestByRoom newest = new NewestByRoom();

    /** The cached users who are joined, by room. */
    private final Map<RoomId, Set<UserId>> watchers = new HashMap<>();

    RoomShard(UserWakeups news, Growth growth) {
        this.news = news;
        this.growth = growth;
    }

    // --- from the log

    @Override
    void fold(Numbered<RoomFact> fact) {
        switch (fact.fact()) {
            case RoomEvent event -> applyEvent(event, fact);
            case RoomForgotten forgotten -> users.apply(forgotten.user(), fact);
            case DirectoryVisibilityChanged changed -> rooms.apply(changed.room(), fact);
            case StateResolved resolved -> applyResolved(resolved, fact);
            case HistoryInserted history -> applyHistory(history, fact);
            case StateReplaced replaced -> applyReplaced(replaced, fact.seq());
            case RoomPurged purged -> applyPurged(purged.room(), fact);
            case HistoryPurged purged -> rooms.apply(purged.room(), fact);
            case AliasChanged _,
                    AliasClaimed _,
                    ProfileNoted _,
                    StateDifference _,
                    EventKept _,
                    BackwardExtremity _,
                    EarlyRedaction _,
                    PurgeBegun _,
                    PurgedRowsDeleted _,
                    RoomFact.RoomAdministered _,
                    BodiesPruned _,
                    RoomFact.Unknown _ -> {
                // nothing that is cached here
            }
        }
    }

    @Override
    void announce(Numbered<RoomFact> fact) {
        if (fact.fact() instanceof RoomEvent event) {
            announce(event);
        } else if (fact.fact() instanceof StateResolved resolved) {
            announce(resolved);
        } else if (fact.fact() instanceof StateReplaced replaced) {
            announceLocked(replaced.room());
        }
    }

    private void applyEvent(RoomEvent event, Numbered<RoomFact> fact) {
        rooms.apply(event.room(), fact);
        rooms.get(event.room()).ifPresent(growth::of);
        newest.put(event.room(), fact.seq());
        UserId member = memberOf(event);
        if (member != null) {
            users.apply(member, fact);
        }
    }

    private static @Nullable UserId memberOf(RoomEvent event) {
        String stateKey = event.stateKey();
        return stateKey != null && !event.outsideCurrentState() && event.type().equals(EventTypes.MEMBER)
                ? new UserId(stateKey)
                : null;
    }

    /**
     * The log has no bodies of the events that the state takes. A room that lacks any of them is loaded again; so is
     * every user whose membership has changed.
     */
    private void applyResolved(StateResolved resolved, Numbered<RoomFact> fact) {
        RoomId room = resolved.room();
        if (resolved.changes().isEmpty()) {
            return;
        }
        newest.put(room, fact.seq());
        if (rooms.get(room)
                .filter(here -> RoomResolution.isKnown(here, resolved))
                .isPresent()) {
            rooms.apply(room, fact);
        } else {
            rooms.forget(room);
        }
    }

    /** A redaction in the history may prune an event of the window: then the room is loaded again. */
    private void applyHistory(HistoryInserted history, Numbered<RoomFact> fact) {
        boolean redacts =
                history.events().stream().anyMatch(event -> event.type().equals(EventTypes.REDACTION));
        if (redacts) {
            rooms.forget(history.room());
        } else {
            rooms.apply(history.room(), fact);
        }
    }

    /** The log does not have the room's new state, so the room is loaded again. */
    private void applyReplaced(StateReplaced replaced, long seq) {
        newest.put(replaced.room(), seq);
        rooms.forget(replaced.room());
    }

    /** Every cached user who has a membership in the room looks again, because the room is gone. */
    private void applyPurged(RoomId room, Numbered<RoomFact> fact) {
        rooms.forget(room);
        newest.remove(room);
        watchers.remove(room);
        for (UserId user : users.keys()) {
            boolean knewIt = users.get(user)
                    .filter(memberships -> memberships.rooms().containsKey(room))
                    .isPresent();
            users.apply(user, fact);
            if (knewIt) {
                news.of(user);
            }
        }
    }

    /** Wakes the users in a room for news that is not an event. */
    public void announceIn(RoomId room) {
        locked(() -> announceLocked(room));
    }

    private void announceLocked(RoomId room) {
        watchers.getOrDefault(room, Set.of()).forEach(news::of);
        news.in(room);
    }

    /** The cached users who are in a room; nobody if it has more members than {@code most}. */
    public Set<UserId> watching(RoomId room, int most) {
        return locked(() -> {
            Set<UserId> here = watchers.getOrDefault(room, Set.of());
            boolean large = here.size() > most
                    || rooms.get(room)
                            .filter(cached -> cached.counts().joined() > most)
                            .isPresent();
            return large ? Set.of() : Set.copyOf(here);
        });
    }

    private void announce(RoomEvent event) {
        announceLocked(event.room());
        UserId member = memberOf(event);
        if (member != null) {
            news.of(member);
            watch(member, event.room());
        }
    }

    private void announce(StateResolved resolved) {
        if (!resolved.changes().isEmpty()) {
            announceLocked(resolved.room());
        }
        for (StateChange change : resolved.changes()) {
            if (change.type().equals(EventTypes.MEMBER)) {
                UserId member = new UserId(change.stateKey());
                forgetUser(member);
                news.of(member);
            }
        }
    }

    private void watch(UserId user, RoomId room) {
        UserRoom now = users.get(user)
                .map(memberships -> memberships.rooms().get(room))
                .orElse(null);
        if (now != null && now.membership().equals("join")) {
            watchers.computeIfAbsent(room, _ -> new HashSet<>(4)).add(user);
        } else {
            unwatch(user, room);
        }
    }

    private void unwatch(UserId user, RoomId room) {
        Set<UserId> watching = watchers.get(room);
        if (watching != null && watching.remove(user) && watching.isEmpty()) {
            watchers.remove(room);
        }
    }

    @Override
    void forgotten(Committed elsewhere) {
        Set<UserId> affected = new HashSet<>();
        watchers.values().forEach(affected::addAll);
        newest.clear();
        watchers.clear();
        affected.forEach(news::of);
    }

    private static CachedRoom folded(CachedRoom room, Numbered<RoomFact> fact) {
        return switch (fact.fact()) {
            case RoomEvent event -> room.with(new Numbered<>(fact.seq(), event));
            case DirectoryVisibilityChanged changed -> room.withPublished(changed.published());
            case StateResolved resolved -> RoomResolution.apply(room, new Numbered<>(fact.seq(), resolved));
            case RoomForgotten _,
                    PurgeBegun _,
                    RoomPurged _,
                    PurgedRowsDeleted _,
                    RoomFact.RoomAdministered _,
                    BodiesPruned _,
                    AliasChanged _,
                    AliasClaimed _,
                    ProfileNoted _,
                    StateReplaced _,
                    StateDifference _,
                    EventKept _,
                    BackwardExtremity _,
                    EarlyRedaction _,
                    RoomFact.Unknown _ -> room;
            case HistoryInserted history -> room.withHistoryAt(history.anchor());
            case HistoryPurged purged ->
                room.purged(fact.seq(), new RoomPlace(purged.anchor(), purged.back()));
        };
    }

    // --- loading

    boolean expectRoom(RoomId room) {
        return locked(() -> rooms.expect(room));
    }

    void loadedRoom(RoomLoader.Loaded loaded) {
        locked(() -> {
            CachedRoom room = loaded.room();
            take(rooms, room.id(), room, new Committed(room.incarnation(), loaded.asOf()));
        });
    }

    void forgetRoom(RoomId room) {
        locked(() -> rooms.forget(room));
    }

    boolean expectUser(UserId user) {
        return locked(() -> users.expect(user));
    }

    void loadedUser(UserId user, Memberships memberships, Committed asOf) {
        locked(() -> {
            if (take(users, user, memberships, asOf)) {
                memberships.rooms().keySet().forEach(room -> watchLoaded(user, room, memberships));
                users.get(user).ifPresent(now -> now.rooms().keySet().forEach(room -> watch(user, room)));
            }
        });
    }

    /** Until the tail has reached its position, the owner's answer says who is joined. */
    private void watchLoaded(UserId user, RoomId room, Memberships memberships) {
        UserRoom loaded = memberships.rooms().get(room);
        if (loaded != null && loaded.membership().equals("join")) {
            watchers.computeIfAbsent(room, _ -> new HashSet<>(4)).add(user);
        }
    }

    void forgetUser(UserId user) {
        locked(() -> {
            users.get(user).ifPresent(now -> now.rooms().keySet().forEach(room -> unwatch(user, room)));
            users.forget(user);
        });
    }

    // --- reads; within locked(), several are at one position

    public Optional<CachedRoom> room(RoomId room) {
        return locked(() -> rooms.get(room));
    }

    public Optional<Memberships> memberships(UserId user) {
        return locked(() -> users.get(user));
    }

    /** The newest number in one of a user's rooms, or an upper bound of it. */
    public long newest(UserRoom room) {
        return locked(() -> Math.max(room.newestSeq(), newest.of(room.room())));
    }

    int cachedRooms() {
        return locked(rooms::size);
    }
}
