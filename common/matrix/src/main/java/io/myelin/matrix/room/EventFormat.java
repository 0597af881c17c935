package io.myelin.matrix.room;

/** The shape of a version's events, named by the version that introduced it. */
public enum EventFormat {
    /** {@code room_id} on every event, {@code redacts} at the top level. */
    V6,
    /** {@code room_id} on every event, {@code redacts} in the content. */
    V11,
    /** No {@code room_id} on the create event, whose hash it is; {@code redacts} in the content. */
    V12;

    public boolean redactsInContent() {
        return this != V6;
    }

    public boolean roomIdOnCreateEvent() {
        return this != V12;
    }
}
