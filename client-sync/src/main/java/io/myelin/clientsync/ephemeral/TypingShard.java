package io.myelin.clientsync.ephemeral;

import io.myelin.clientsync.ephemeral.TypingCache.Typing;
import io.myelin.clientsync.token.TypingPoint;
import io.myelin.contracts.EphemeralQueries.Version;
import io.myelin.contracts.EphemeralQueries.Versioned;
import io.myelin.contracts.typing.RoomTyping;
import io.myelin.matrix.id.RoomId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Who types in the rooms of one shard. */
final class TypingShard {
    /** So many rooms in which nobody types any more are remembered. */
    private static final int MOST_QUIET = 2_000;

    private final Map<RoomId, Versioned<RoomTyping>> rooms = new HashMap<>();
    private Version position = Version.NONE;

    /** What was emptied before this is not remembered. */
    private Version floor = Version.NONE;

    synchronized void changed(Version version, RoomTyping typing) {
        rooms.put(typing.room(), new Versioned<>(version, typing));
        if (version.isAfter(position)) {
            position = version;
        }
        if (typing.users().isEmpty() && rooms.size() > MOST_QUIET) {
            rooms.values().removeIf(value -> value.value().users().isEmpty());
            floor = position;
        }
    }

    /** @return the rooms in which nobody types any more, as far as is known */
    synchronized List<RoomId> reset(Version asOf) {
        List<RoomId> emptied = new ArrayList<>();
        rooms.values().removeIf(value -> value.value().users().isEmpty());
        rooms.replaceAll((room, _) -> {
            emptied.add(room);
            return new Versioned<>(asOf, new RoomTyping(room, List.of()));
        });
        position = asOf;
        floor = asOf;
        return emptied;
    }

    /**
     * What a client has to be told.
     *
     * @param joined all rooms of the shard that it wants to hear of
     * @param newly those of them of which it knows nothing
     */
    synchronized Typing since(TypingPoint since, Supplier<List<RoomId>> joined, Set<RoomId> newly) {
        if (position.equals(Version.NONE) || (since.version().equals(position) && newly.isEmpty())) {
            return new Typing(since, List.of());
        }
        // A client that was told of a later epoch than ours was told by somebody who knows more, or of another past.
        boolean elsewhere = since.version().epoch() > position.epoch();
        TypingPoint base = elsewhere ? new TypingPoint(Version.NONE, true) : since;
        List<RoomTyping> told = new ArrayList<>();
        boolean shown = false;
        for (RoomId room : joined.get()) {
            Versioned<RoomTyping> value = rooms.get(room);
            boolean empty = value == null || value.value().users().isEmpty();
            Version changed = value == null ? floor : value.version();
            boolean isNew = newly.contains(room) || changed.isAfter(base.version());
            if (isNew && (!empty || base.shown())) {
                told.add(value == null ? new RoomTyping(room, List.of()) : value.value());
            }
            shown |= !empty;
        }
        Version next = base.version().isAfter(position) ? base.version() : position;
        return new Typing(new TypingPoint(next, shown), told);
    }
}
