package io.myelin.presenceserver.presence;

import io.myelin.contracts.presence.PresenceState;
import io.myelin.matrix.id.UserId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What presence-server knows of a user. Times are milliseconds since the epoch, 0 for never.
 *
 * @param devices the newest report of each device; {@link #NO_DEVICE} stands for what the user set
 * @param lastActive when the user was last active
 * @param setAt when the user last set their presence
 * @param statusMessage the message that the user set with it
 */
public record Person(
        UserId user,
        Map<String, Heard> devices,
        long lastActive,
        long setAt,
        @Nullable String statusMessage) {

    static final String NO_DEVICE = "";

    /** @param at the time of the report */
    public record Heard(PresenceState presence, long at) {}

    public Person {
        devices = Map.copyOf(devices);
    }

    static Person unknown(UserId user) {
        return new Person(user, Map.of(), 0, 0, null);
    }

    /** A user as read from the table. Devices are not stored; their reports are read again from the input. */
    public static Person kept(UserId user, long lastActive, long setAt, @Nullable String statusMessage) {
        return new Person(user, Map.of(), lastActive, setAt, statusMessage);
    }

    /** The highest presence of all devices. */
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

    /** When the user was last active or last set their presence. */
    long knownAt() {
        return Math.max(lastActive, setAt);
    }
}
