package io.myelin.matrix.event;

import io.myelin.matrix.json.InvalidJson;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonNumber;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

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

    /** How far the clock of a sender's server may be ahead. An event that is dated later is not sticky here. */
    private static final long MOST_AHEAD = 300_000;

    private static final byte[] NAME = ('"' + FIELD + '"').getBytes(StandardCharsets.US_ASCII);

    private Stickiness() {}

    /** The event's field in its canonical bytes, valid or not; null if it has none. */
    public static @Nullable ByteSlice field(byte[] body) {
        return contains(body) ? PduBytes.find(body, FIELD) : null;
    }

    /** Most events are not sticky, so the bytes are looked at before they are taken apart. */
    private static boolean contains(byte[] body) {
        for (int at = 0; at <= body.length - NAME.length; at++) {
            if (body[at] == '"' && Arrays.equals(body, at, at + NAME.length, NAME, 0, NAME.length)) {
                return true;
            }
        }
        return false;
    }

    /** As {@link #duration(JsonObject)}, of the event's canonical bytes. */
    public static OptionalLong duration(byte[] body) {
        ByteSlice field = field(body);
        if (field == null) {
            return OptionalLong.empty();
        }
        try {
            Json sticky = JsonParser.parse(field.toByteArray(), JsonRules.LENIENT_EVENTS);
            return duration(JsonObject.of(FIELD, sticky));
        } catch (InvalidJson e) {
            return OptionalLong.empty();
        }
    }

    /** For how many milliseconds an event is sticky, an hour at most; empty if it is not, or says so in no valid way. */
    public static OptionalLong duration(JsonObject event) {
        return event.object(FIELD)
                .map(sticky -> sticky.get(DURATION) instanceof JsonNumber(long millis) && millis >= 0
                        ? OptionalLong.of(Math.min(millis, MOST))
                        : OptionalLong.empty())
                .orElse(OptionalLong.empty());
    }

    /** As {@link #left(long, long, long)}, of the event's canonical bytes; 0 also if it is not sticky. */
    public static long left(byte[] body, long sentAt, long now) {
        OptionalLong duration = duration(body);
        return duration.isEmpty() ? 0 : left(sentAt, duration.getAsLong(), now);
    }

    /**
     * Until when an event is sticky that arrives now, in milliseconds since 1970; empty if it is not sticky.
     *
     * @param body its canonical bytes
     */
    public static OptionalLong until(byte[] body, long now) {
        OptionalLong duration = duration(body);
        ByteSlice sentAt = duration.isEmpty() ? null : PduBytes.find(body, "origin_server_ts");
        return sentAt != null && JsonParser.parse(sentAt.toByteArray(), JsonRules.LENIENT_EVENTS) instanceof JsonNumber(long at)
                ? OptionalLong.of(Math.min(at, now) + duration.getAsLong())
                : OptionalLong.empty();
    }

    /** Whether a client may ask for it. */
    public static boolean isValid(long millis) {
        return millis >= 0 && millis <= MOST;
    }

    /**
     * For how many milliseconds more an event is sticky; 0 if no longer.
     *
     * @param sentAt by the clock of its sender's server, which may be wrong
     */
    public static long left(long sentAt, long duration, long now) {
        return sentAt > now + MOST_AHEAD ? 0 : Math.max(0, Math.min(sentAt, now) + duration - now);
    }
}
