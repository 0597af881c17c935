package io.myelin.clientsync.token;

import io.myelin.contracts.room.RoomPlace;
import io.myelin.engine.Committed;
import org.jspecify.annotations.Nullable;

/**
 * A place between two events of a room: {@code prev_batch} and the tokens of {@code /messages}. Events at a place at or
 * below it lie before it.
 *
 * @param incarnation of the room's shard
 * @param anchor the number of a live event
 * @param back 0 for just after that event; below 0 for before it, among history that was found later
 */
public record RoomPosition(long incarnation, long anchor, long back) {
    private static final String PREFIX = "t1_";

    /** What follows is not about the room's events; see {@link PeekPosition}. */
    static final String REST = "~";

    public static RoomPosition after(long incarnation, long anchor) {
        return new RoomPosition(incarnation, Math.max(0, anchor), 0);
    }

    /** Whether a token is a position in one room. */
    public static boolean is(@Nullable String token) {
        return token != null && token.startsWith(PREFIX);
    }

    /** Just after an event. */
    public static RoomPosition at(long incarnation, RoomPlace place) {
        return new RoomPosition(incarnation, place.anchor(), Math.min(0, place.back()));
    }

    /** Just before an event. */
    public static RoomPosition before(long incarnation, RoomPlace place) {
        return new RoomPosition(incarnation, place.anchor(), place.back() - 1L);
    }

    /** Events at or below this place lie before the position. */
    public RoomPlace place() {
        return new RoomPlace(anchor, (int) Math.max(back, Integer.MIN_VALUE));
    }

    /** Events at or above this place lie after the position. */
    public RoomPlace next() {
        return new RoomPlace(anchor, place().back() + 1);
    }

    public String encode() {
        return PREFIX
                + new Packed.Writer().put(incarnation).put(anchor).put(-back).toText();
    }

    /**
     * Also takes tokens of {@code /sync}, whose component of the room's shard is a position in the room.
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
        int rest = text.indexOf(REST);
        var reader = Packed.Reader.of(text.substring(PREFIX.length(), rest < 0 ? text.length() : rest));
        return new RoomPosition(reader.count(), reader.count(), -reader.count());
    }
}
