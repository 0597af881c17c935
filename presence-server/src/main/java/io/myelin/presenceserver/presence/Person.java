package io.myelin.presenceserver.presence;

import io.myelin.contracts.presence.PresenceState;
import io.myelin.matrix.id.UserId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a user. Times are milliseconds since the epoch, 0 for never.
 *
 * @param devices what was heard of each lately; {@link #NO_DEVICE} stands for what the user said
 * @param lastActive when they were last seen to be there
 * @param setAt when they last said how they want to be shown
 * @param statusMessage what they said with it
 */
public record Person(
        UserId user,
        Map<String, Heard> devices,
        long lastActive,
        long setAt,
        @Nullable String statusMessage) {

    static final String NO_DEVICE = "";

    /** @param at when it was heard of */
    public record Heard(PresenceState presence, long at) {}

    public Person {
        devices = Map.copyOf(devices);
    }

    static Person unknown(UserId user) {
        return new Person(user, Map.of(), 0, 0, null);
    }

    /** As it is read again: devices are heard of anew. */
    public static Person kept(UserId user, long lastActive, long setAt, @Nullable String statusMessage) {
        return new Person(user, Map.of(), lastActive, setAt, statusMessage);
    }

    /** The highest of all devices. */
    PresenceState presence() {
        PresenceState highest = PresenceState.OFFLINE;
        for (Heard heard : devices.values()) {
            if (heard.presence().compareTo(highest) < 0) {
                highest = heard.presence();
            }
        }
        return highest;
    }

    Person withDevices(Map<String, Heard> now) {
        return new Person(user, now, lastActive, setAt, statusMessage);
    }

    Person heard(String device, PresenceState presence, long at) {
        Map<String, Heard> more = new HashMap<>(devices);
        more.put(device, new Heard(presence, at));
        long active = presence == PresenceState.ONLINE ? Math.max(lastActive, at) : lastActive;
        return new Person(user, more, active, setAt, statusMessage);
    }

    /** When something was last known of them. */
    long knownAt() {
        return Math.max(lastActive, setAt);
    }
}
