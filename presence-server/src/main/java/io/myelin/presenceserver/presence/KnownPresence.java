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
public record KnownPresence(
        UserId user,
        Map<String, DeviceReport> devices,
        long lastActive,
        long setAt,
        @Nullable String statusMessage) {

    static final String NO_DEVICE = "";

    /** @param at the time of the report */
    public record DeviceReport(PresenceState presence, long at) {}

    public KnownPresence {
        devices = Map.copyOf(devices);
    }

    static KnownPresence unknown(UserId user) {
        return new KnownPresence(user, Map.of(), 0, 0, null);
    }

    /** A user as read from the table. Devices are not stored; their reports are read again from the input. */
    public static KnownPresence kept(UserId user, long lastActive, long setAt, @Nullable String statusMessage) {
        return new KnownPresence(user, Map.of(), lastActive, setAt, statusMessage);
    }

    /** The highest presence of all devices. */
    PresenceState presence() {
        PresenceState highest = PresenceState.OFFLINE;
        for (DeviceReport heard : devices.values()) {
            if (heard.presence().compareTo(highest) < 0) {
                highest = heard.presence();
            }
        }
        return highest;
    }

    KnownPresence withDevices(Map<String, DeviceReport> now) {
        return new KnownPresence(user, now, lastActive, setAt, statusMessage);
    }

    KnownPresence heard(String device, PresenceState presence, long at) {
        Map<String, DeviceReport> more = new HashMap<>(devices);
        more.put(device, new DeviceReport(presence, at));
        long active = presence == PresenceState.ONLINE ? Math.max(lastActive, at) : lastActive;
        return new KnownPresence(user, more, active, setAt, statusMessage);
    }

    /** When the user was last active or last set their presence. */
    long knownAt() {
        return Math.max(lastActive, setAt);
    }
}
