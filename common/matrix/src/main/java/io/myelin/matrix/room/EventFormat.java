package io.myelin.matrix.room;

import io.myelin.matrix.json.JsonNumber;

/** The shape of a version's events, named by the version that introduced it. */
public enum EventFormat {
    /** {@code event_id} on every event, chosen by its server; other events are cited as pairs of an ID and hashes. */
    V1,
    /** No {@code event_id}: it is {@code $} and the reference hash in standard base64. Other events are cited by ID. */
    V3,
    /** As before, with the hash in URL-safe base64. */
    V4,
    /** As before, with nothing but canonical JSON. */
    V6,
    /** {@code redacts} in the content instead of at the top level. */
    V11,
    /** No {@code room_id} on the create event, whose hash it is. */
    V12;

    /** Whether an event says its ID and cites others with their hashes; if not, IDs are hashes. */
    public boolean eventIdOnEvent() {
        return this == V1;
    }

    /** Whether numbers are integers within ±(2^53 − 1); if not, an event may have any number that JSON has. */
    public boolean isCanonicalJson() {
        return compareTo(V6) >= 0;
    }

    /** The largest {@code depth}, which the events after it have too. */
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
