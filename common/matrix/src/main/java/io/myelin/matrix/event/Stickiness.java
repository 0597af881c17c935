package io.myelin.matrix.event;

import io.myelin.matrix.json.JsonNumber;
import io.myelin.matrix.json.JsonObject;
import java.util.OptionalLong;

/**
 * For how long an event is sticky: until then, everybody in the room is told of it, however old it is. MSC4354, with the
 * names of its unstable form.
 */
public final class Stickiness {
    /** The event's field, beside its content, so that events with encrypted content can be sticky. */
    public static final String FIELD = "msc4354_sticky";

    public static final String DURATION = "duration_ms";

    /** No event is sticky for longer, in milliseconds. */
    public static final long MOST = 3_600_000;

    private Stickiness() {}

    /** For how many milliseconds an event is sticky; empty if it is not, or says so in no valid way. */
    public static OptionalLong duration(JsonObject event) {
        return event.object(FIELD)
                .map(sticky -> sticky.get(DURATION) instanceof JsonNumber(long millis) && isValid(millis)
                        ? OptionalLong.of(millis)
                        : OptionalLong.empty())
                .orElse(OptionalLong.empty());
    }

    public static boolean isValid(long millis) {
        return millis >= 0 && millis <= MOST;
    }

    /**
     * When an event stops being sticky, in milliseconds since 1970.
     *
     * @param sentAt by the clock of its sender's server, which may be wrong
     * @param receivedAt by the clock of this one
     */
    public static long end(long sentAt, long receivedAt, long duration) {
        return Math.min(sentAt, receivedAt) + duration;
    }
}
