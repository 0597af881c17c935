package io.myelin.clientsync.read;

import io.myelin.clientsync.cache.CachedRoom;
import io.myelin.clientsync.cache.ErasedUsers;
import io.myelin.clientsync.cache.GlobalCache;
import io.myelin.clientsync.cache.LogReader;
import io.myelin.clientsync.cache.QueriedPastStates;
import io.myelin.clientsync.cache.RoomShard;
import io.myelin.clientsync.cache.TailWaits;
import io.myelin.clientsync.cache.UserCache;
import io.myelin.clientsync.cache.WindowHistory;
import io.myelin.clientsync.event.EventContent;
import io.myelin.clientsync.visibility.Viewer;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.Unavailable;
import io.myelin.contracts.room.RoomQueries.StoredEvent;
import io.myelin.contracts.room.RoomQueries.UserRoom;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.visibility.HistoryVisibility;
import io.myelin.web.MatrixException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which room a user may read, and up to where: the security boundary of all reads. Every answer is as of
 * everything that was committed when it was asked.
 */
public final class JoinedRooms {

    private static final UserId NOBODY = new UserId("");

    /**
     * @param room as of the last event that the user may see
     * @param until the number of that event; {@code Long.MAX_VALUE} for now
     */
    public record Access(CachedRoom room, long until) {}

    private final GlobalCache rooms;
    private final UserCache users;
    private final LogReader roomLog;
    private final LogReader accountLog;
    private final Histories histories;
    private final ErasedUsers erased;
    private final boolean ofAll;

    public JoinedRooms(
            GlobalCache rooms,
            UserCache users,
            LogReader roomLog,
            LogReader accountLog,
            Histories histories,
            ErasedUsers erased) {
        this(rooms, users, roomLog, accountLog, histories, erased, false);
    }

    private JoinedRooms(
            GlobalCache rooms,
            UserCache users,
            LogReader roomLog,
            LogReader accountLog,
            Histories histories,
            ErasedUsers erased,
            boolean ofAll) {
        this.ofAll = ofAll;
        this.rooms = rooms;
        this.users = users;
        this.roomLog = roomLog;
        this.accountLog = accountLog;
        this.histories = histories;
        this.erased = erased;
    }

    /**
     * Lets whoever asks read every room as a member who was always there and ignores nobody. Only for requests whose sender is
     * known to be an administrator.
     */
    public JoinedRooms forAdministrators() {
        return new JoinedRooms(rooms, users, roomLog, accountLog, histories, erased, true);
    }

    /** The rooms that the user is joined to. */
    public List<RoomId> of(UserId user) {
        TailWaits.get(roomLog.barrier());
        users.ensure(user);
        List<RoomId> joined = new ArrayList<>();
        for (RoomShard shard : rooms.shards()) {
            shard.memberships(user)
                    .ifPresent(mine -> mine.rooms().values().stream()
                            .filter(room -> room.membership().equals("join"))
                            .forEach(room -> joined.add(room.room())));
        }
        return joined;
    }

    /**
     * The room, for a user who is joined to it.
     *
     * @throws MatrixException {@code M_FORBIDDEN} for anybody else
     */
    public CachedRoom joined(UserId user, RoomId id) {
        return rooms.current(id)
                .filter(room -> room.membership(user).equals("join"))
                .orElseThrow(JoinedRooms::forbidden);
    }

    /**
     * The room's state: for a joined user the current one, for a user who has left the one at which they left, and for
     * everybody the current one while the room is world readable.
     *
     * @throws MatrixException {@code M_FORBIDDEN} for anybody else
     */
    public Access readable(UserId user, RoomId id) {
        if (ofAll) {
            return new Access(rooms.current(id).orElseThrow(JoinedRooms::unknown), Long.MAX_VALUE);
        }
        CachedRoom room = rooms.current(id).orElseThrow(JoinedRooms::forbidden);
        return access(user, room).orElseThrow(JoinedRooms::forbidden);
    }

    /** The room's history, for the same users. */
    public RoomView history(UserId user, RoomId id) {
        Access access = readable(user, id);
        return ofAll ? whole(access.room(), user) : view(access, user);
    }

    private RoomView whole(CachedRoom room, UserId user) {
        QueriedPastStates past = histories.past(room, user);
        return new RoomView(
                room, Long.MAX_VALUE, Viewer.joinedThroughout(user, past, 0), past, Set.of(), erased);
    }

    /** The room, for a user who may have no access but to single events, sent while it was world readable. */
    public RoomView anyHistory(UserId user, RoomId id) {
        CachedRoom room = rooms.current(id)
                .orElseThrow(JoinedRooms::unknown);
        Access access = access(user, room).orElseGet(() -> new Access(room, Long.MAX_VALUE));
        return view(access, user);
    }

    private RoomView view(Access access, UserId user) {
        CachedRoom room = access.room();
        // A user who has forgotten the room sees no more of it than one who never was there.
        boolean isStranger = !room.membership(user).equals("join") && hasForgotten(user, room);
        QueriedPastStates past = histories.past(room, isStranger ? NOBODY : user);
        Viewer viewer = isStranger ? histories.stranger(room, past) : histories.viewer(room, user, past);
        return new RoomView(room, access.until(), viewer.until(access.until()), past, ignoredBy(user), erased);
    }

    /** The users whom a user ignores, as of everything that was committed when this was asked. */
    private Set<String> ignoredBy(UserId user) {
        TailWaits.get(accountLog.barrier(users.accountShardNumber(user)));
        users.ensure(user);
        return users.accountShard(user)
                .cut(user)
                .orElseThrow(() -> new Unavailable("The account data cannot be loaded now: " + user))
                .items()
                .ignored();
    }

    private Optional<Access> access(UserId user, CachedRoom room) {
        StoredEvent member = room.member(user);
        String membership = EventContent.membership(member);
        if (membership.equals("join") || isWorldReadable(room)) {
            return Optional.of(new Access(room, Long.MAX_VALUE));
        }
        boolean gone = membership.equals("leave") || membership.equals("ban");
        if (member == null || !gone || hasForgotten(user, room)) {
            return Optional.empty();
        }
        return WindowHistory.leftAt(room, user, rooms.loader())
                .map(left -> new Access(rooms.loader().asOf(room, left), left));
    }

    private static boolean isWorldReadable(CachedRoom room) {
        String visibility = room.stateField(EventTypes.HISTORY_VISIBILITY, "history_visibility")
                .orElse(null);
        return HistoryVisibility.parse(visibility) == HistoryVisibility.WORLD_READABLE;
    }

    private boolean hasForgotten(UserId user, CachedRoom room) {
        users.ensure(user);
        return rooms.shardOf(room.id())
                .memberships(user)
                .map(mine -> mine.rooms().get(room.id()))
                .map(UserRoom::forgotten)
                .orElse(false);
    }

    private static MatrixException unknown() {
        return new MatrixException(MatrixError.notFound("There is no such room that you could see."));
    }

    static MatrixException forbidden() {
        return new MatrixException(MatrixError.forbidden("You are not in this room."));
    }
}
