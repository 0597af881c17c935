package io.myelin.server.observability;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.myelin.matrix.id.RoomId;
import java.util.Collection;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a message of the log is about, from the arguments that it was made of. So every message that names a shard or a room has
 * it, and no statement that logs has to say it twice.
 */
final class LogSubject {
    private static final String PLACEHOLDER = "{}";

    /** A room's ID, or the key by which room-server's engine knows the room. */
    private static final Pattern ROOM = Pattern.compile("(?:room:)?(![^\\s,\\]]{1,254})");

    private LogSubject() {}

    /** The number after the word "shard"; null if there is none. */
    static @Nullable Integer shard(ILoggingEvent event) {
        var template = event.getMessage();
        var arguments = event.getArgumentArray();
        if (template == null || arguments == null) {
            return null;
        }
        var argument = 0;
        for (var at = template.indexOf(PLACEHOLDER);
                at >= 0 && argument < arguments.length;
                at = template.indexOf(PLACEHOLDER, at + PLACEHOLDER.length())) {
            if (template.regionMatches(true, at - "shard ".length(), "shard ", 0, "shard ".length())
                    && arguments[argument] instanceof Integer shard) {
                return shard;
            }
            argument++;
        }
        return null;
    }

    /** The first room among the arguments; null if there is none. */
    static @Nullable String room(ILoggingEvent event) {
        var arguments = event.getArgumentArray();
        if (arguments != null) {
            for (var argument : arguments) {
                var room = room(argument);
                if (room != null) {
                    return room;
                }
            }
        }
        return null;
    }

    private static @Nullable String room(@Nullable Object argument) {
        return switch (argument) {
            case RoomId room -> room.value();
            case String text -> {
                var matcher = ROOM.matcher(text);
                yield matcher.matches() ? matcher.group(1) : null;
            }
            case Collection<?> one when one.size() == 1 -> room(one.iterator().next());
            case null, default -> null;
        };
    }
}
