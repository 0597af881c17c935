package io.myelin.clientsync.ephemeral;

import io.myelin.clientsync.ephemeral.TypingCache.Typing;
import io.myelin.clientsync.token.TypingPoint;
import io.myelin.contracts.typing.RoomTyping;
import io.myelin.engine.ephemeral.Version;
import io.myelin.engine.ephemeral.Versioned;
import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The users who type in the rooms of one shard. */
final class TypingShard {
    /** With more rooms than this, those in which nobody types any more are forgotten. */
    private static final int MOST_QUIET = 2_000;

    private final Map<RoomId, Versioned<RoomTyping>> rooms = new HashMap<>();
    private final PendingValues<RoomId, RoomTyping> settling = new PendingValues<>();
    private Version position = Version.NONE;

    /** Lists that became empty before this version are not remembered. */
    private Version floor = Version.NONE;

    /** @return whether the list counts now; false if it waits for others */
    synchronized boolean changed(Version version, RoomTyping typing) {
        if (settling.takes(version)) {
            settling.put(typing.room(), new Versioned<>(version, typing));
            return false;
        }
        rooms.put(typing.room(), new Versioned<>(version, typing));
        position = later(position, version);
        if (isQuiet(typing) && rooms.size() > MOST_QUIET) {
            rooms.values().removeIf(value -> isQuiet(value.value()));
            floor = position;
        }
        return true;
    }

    private static boolean isQuiet(RoomTyping typing) {
        return typing.users().isEmpty();
    }

    private static Version later(Version one, Version other) {
        return one.isAfter(other) ? one : other;
    }

    synchronized void reset(Version asOf) {
        settling.begin(asOf);
    }

    /** @return the rooms whose lists have changed */
    synchronized List<RoomId> settled() {
        boolean anotherOwner = settling.isOfAnotherEpoch();
        Version asOf = settling.asOf();
        Map<RoomId, Versioned<RoomTyping>> now = settling.end();
        if (asOf.isAfter(position)) {
            rooms.forEach((room, before) -> {
                if (!isQuiet(before.value())) {
                    now.putIfAbsent(room, new Versioned<>(asOf, new RoomTyping(room, List.of())));
                }
            });
        }
        List<RoomId> changed = new ArrayList<>();
        position = later(position, asOf);
        now.forEach((room, value) -> {
            Versioned<RoomTyping> before = rooms.get(room);
            if (before == null || value.version().isAfter(before.version())) {
                rooms.put(room, value);
                changed.add(room);
                position = later(position, value.version());
            }
        });
        if (anotherOwner) {
            floor = asOf;
        }
        return changed;
    }

    synchronized boolean isTyping(RoomId room, UserId user) {
        Versioned<RoomTyping> value = rooms.get(room);
        return value != null && value.value().users().contains(user);
    }

    synchronized List<RoomId> whereTyping(UserId user) {
        return rooms.values().stream()
                .map(Versioned::value)
                .filter(typing -> typing.users().contains(user))
                .map(RoomTyping::room)
                .toList();
    }

    /**
     * The typing that a client has to be told of.
     *
     * @param joined the rooms of the shard that the client wants to hear of
     * @param newly those of them of which the client knows nothing
     */
    synchronized Typing since(TypingPoint since, Supplier<List<RoomId>> joined, Set<RoomId> newly) {
        if (position.equals(Version.NONE) || (since.version().equals(position) && newly.isEmpty())) {
            return new Typing(since, List.of());
        }
        // A client with a later epoch than ours was told by a reader that is ahead, or before a restore.
        boolean elsewhere = since.version().epoch() > position.epoch();
        TypingPoint base = elsewhere ? new TypingPoint(Version.NONE, true) : since;
        List<RoomTyping> told = new ArrayList<>();
        boolean shown = false;
        for (RoomId room : joined.get()) {
            Versioned<RoomTyping> value = rooms.get(room);
            boolean quiet = value == null || isQuiet(value.value());
            Version changed = value == null ? floor : value.version();
            boolean isNew = newly.contains(room) || changed.isAfter(base.version());
            if (isNew && (!quiet || base.shown())) {
                told.add(value == null ? new RoomTyping(room, List.of()) : value.value());
            }
            shown |= !quiet;
        }
        return new Typing(new TypingPoint(later(base.version(), position), shown), told);
    }
}
