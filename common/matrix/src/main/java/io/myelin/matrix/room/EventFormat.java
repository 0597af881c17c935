package io.myelin.matrix.room;

import io.myelin.matrix.json.JsonNumber;

/** The format of a version's events, named by the version that introduced it. */
public enum EventFormat {
    /** Every event has an {@code event_id} chosen by its server; events are cited as pairs of an ID and hashes. */
    V1,
    /**
     * Events have no {@code event_id}; the ID is {@code $} and the reference hash in standard base64. Events are cited by
     * ID.
     */
    V3,
    /** As before, with the hash in URL-safe base64. */
    V4,
    /** As before, and events must be canonical JSON. */
    V6,
    /** As before, with {@code redacts} in the content instead of at the top level. */
    V11,
    /** As before, without {@code room_id} in the create event, since the room ID is that event's hash. */
    V12;

    /** Whether events contain their ID and cite other events with hashes; if not, IDs are hashes. */
    public boolean eventIdOnEvent() {
        return this == V1;
    }

    /** Whether numbers are integers within ±(2^53 − 1); if not, an event may have any number that JSON has. */
    public boolean isCanonicalJson() {
        return compareTo(V6) >= 0;
    }

    /** The largest {@code depth}; events after one of this depth have it too. */
    public long maxDepth() {
        return isCanonicalJson() ? JsonNumber.MAX : Long.MAX_VALUE;
    }

    public boolean redactsInContent() {
        return compareTo(V11) >= 0;
    }

    public boolean roomIdOnCreateEvent() {
        return compareTo(V12) < 0;
    }
}
