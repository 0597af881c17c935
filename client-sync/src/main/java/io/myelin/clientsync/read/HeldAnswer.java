package io.myelin.clientsync.read;

import io.myelin.clientsync.cache.CachedRoom;
import io.myelin.web.JsonWriter;
import io.myelin.web.StreamedJson;

/**
 * An answer that keeps a room's state in memory until it is written, even if the caches drop it meanwhile.
 *
 * @param held what is kept: the same object for all answers that keep the same
 * @param weight the bytes of {@code held} on the heap, about
 */
public record HeldAnswer(Object held, long weight, StreamedJson content) implements StreamedJson {

    static HeldAnswer of(CachedRoom room, StreamedJson content) {
        return new HeldAnswer(room.state(), room.weight(), content);
    }

    @Override
    public void writeTo(JsonWriter out) {
        content.writeTo(out);
    }
}
