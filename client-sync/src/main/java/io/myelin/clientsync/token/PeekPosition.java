package io.myelin.clientsync.token;

import io.myelin.engine.Committed;
import io.myelin.engine.ephemeral.Version;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Up to where a user has been told of a room that they look into without being in it. Its text begins with that of the room's
 * position, and is taken wherever that is.
 *
 * @param receipts the position in the room's receipt shard
 * @param presence the versions by the shards of presence-server
 */
public record PeekPosition(RoomPosition room, Committed receipts, TypingPoint typing, List<Version> presence) {
    private static final int MOST_SHARDS = 1024;

    public PeekPosition {
        presence = List.copyOf(presence);
    }

    public String encode() {
        Packed.Writer out = new Packed.Writer()
                .put(receipts.incarnation())
                .put(receipts.seq())
                .put(typing.version().epoch())
                .put(typing.version().n())
                .put(typing.shown() ? 1 : 0);
        presence.forEach(version -> out.put(version.epoch()).put(version.n()));
        return room.encode() + RoomPosition.REST + out.toText();
    }

    /**
     * @param room the room's position in the same text
     * @return null if the text says no more than that
     * @throws InvalidToken if it is not a token of this server
     */
    public static @Nullable PeekPosition parse(RoomPosition room, String text) {
        int rest = text.indexOf(RoomPosition.REST);
        if (rest < 0) {
            return null;
        }
        Packed.Reader reader = Packed.Reader.of(text.substring(rest + 1));
        Committed receipts = new Committed(reader.count(), reader.count());
        TypingPoint typing = new TypingPoint(new Version(reader.count(), reader.count()), reader.count() == 1);
        List<Version> presence = new ArrayList<>();
        while (reader.hasMore() && presence.size() < MOST_SHARDS) {
            presence.add(new Version(reader.count(), reader.count()));
        }
        return new PeekPosition(room, receipts, typing, presence);
    }
}
