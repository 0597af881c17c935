package io.myelin.clientsync.token;

import io.myelin.engine.Committed;

/**
 * A place between two events of a room: {@code prev_batch} and the tokens of {@code /messages}. What is at or below it
 * lies before it.
 *
 * @param incarnation of the room's shard
 * @param anchor the number of the live event just before the place
 * @param back 0, or below it among what was found before that event by backfill
 */
public record RoomPosition(long incarnation, long anchor, long back) {
    private static final String PREFIX = "t1_";

    public static RoomPosition after(long incarnation, long anchor) {
        return new RoomPosition(incarnation, Math.max(0, anchor), 0);
    }

    public String encode() {
        return PREFIX
                + new Packed.Writer().put(incarnation).put(anchor).put(-back).toText();
    }

    /**
     * Takes the tokens of {@code /sync} too, whose component of the room's shard is a place in the room.
     *
     * @param shard of the room
     * @param shards how many room shards there are
     * @throws InvalidToken if it is not a token of this server
     */
    public static RoomPosition parse(String text, int shard, int shards) {
        if (text.startsWith(SyncToken.PREFIX)) {
            Committed component = SyncToken.parse(text, shards).room(shard);
            return after(component.incarnation(), component.seq());
        }
        if (!text.startsWith(PREFIX)) {
            throw new InvalidToken("The token is not one of this server's.");
        }
        var reader = Packed.Reader.of(text.substring(PREFIX.length()));
        return new RoomPosition(reader.count(), reader.count(), -reader.count());
    }
}
