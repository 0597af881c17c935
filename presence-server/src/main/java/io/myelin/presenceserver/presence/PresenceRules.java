package io.myelin.presenceserver.presence;

import io.myelin.contracts.presence.PresenceInput;
import io.myelin.contracts.presence.PresenceInput.SetPresence;
import io.myelin.contracts.presence.PresenceInput.Syncing;
import io.myelin.contracts.presence.PresenceInput.SyncingEnded;
import io.myelin.contracts.presence.PresenceState;
import io.myelin.contracts.presence.UserPresence;
import io.myelin.engine.ephemeral.EphemeralRules;
import io.myelin.matrix.id.UserId;
import io.myelin.presenceserver.presence.KnownPresence.DeviceReport;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a user is shown. Client-server API, "Presence".
 *
 * <ul>
 *   <li>Each device that syncs reports online or unavailable (idle). The highest of all devices counts.
 *   <li>What the user sets holds for all devices until one of them reports again. A user who sets offline while a
 *       device syncs as online is online again with its next report.
 *   <li>A device that has not reported for a minute is gone. A user who sets online without syncing is offline after a
 *       minute, too.
 *   <li>A user is active when a device syncs as online, and when they set online. So an online user is currently
 *       active, and nothing is published while that lasts. An idle user is unavailable because their devices report it.
 *   <li>The status message stays until another is set, or until the user was offline for a week.
 * </ul>
 */
public final class PresenceRules implements EphemeralRules<PresenceInput, KnownPresence, UserPresence> {

    /** A device that has not reported for this long is gone. Two of its reports may be nearly this far apart. */
    public static final Duration SILENCE = Duration.ofSeconds(60);

    /** A user who was offline for this long is forgotten. */
    public static final Duration REMEMBERED = Duration.ofDays(7);

    private static final long KEPT_STEP_MILLIS = 300_000;

    @Override
    public String key(PresenceInput input) {
        return input.user().value();
    }

    @Override
    public KnownPresence initial(String key) {
        return KnownPresence.unknown(new UserId(key));
    }

    @Override
    public KnownPresence receive(KnownPresence state, PresenceInput input, long at, long now) {
        return switch (input) {
            case SetPresence set -> set(state, set, at, now);
            case Syncing syncing -> heard(state, syncing, Math.min(syncing.at(), now), now);
            case SyncingEnded ended -> ended(state, ended);
            case PresenceInput.Unknown unknown -> state;
        };
    }

    private static KnownPresence set(KnownPresence state, SetPresence set, long at, long now) {
        if (at < state.setAt()) {
            return state;
        }
        Map<String, DeviceReport> devices = new HashMap<>(state.devices());
        devices.replaceAll((device, heard) -> heard.at() <= at ? new DeviceReport(set.presence(), heard.at()) : heard);
        KnownPresence changed = new KnownPresence(state.user(), devices, state.lastActive(), at, set.statusMessage());
        return isSilent(at, now) ? changed : changed.heard(KnownPresence.NO_DEVICE, set.presence(), at);
    }

    private static KnownPresence heard(KnownPresence state, Syncing syncing, long at, long now) {
        DeviceReport before = state.devices().get(syncing.device());
        boolean isOld = isSilent(at, now) || before != null && before.at() > at;
        boolean isOverruled = at <= state.setAt();
        if (isOld || isOverruled) {
            return state;
        }
        KnownPresence changed = state.heard(syncing.device(), syncing.presence(), at);
        return changed.devices().containsKey(KnownPresence.NO_DEVICE)
                ? without(changed, KnownPresence.NO_DEVICE)
                : changed;
    }

    private static KnownPresence ended(KnownPresence state, SyncingEnded ended) {
        DeviceReport heard = state.devices().get(ended.device());
        return heard == null || heard.at() > ended.at() ? state : without(state, ended.device());
    }

    private static KnownPresence without(KnownPresence state, String device) {
        Map<String, DeviceReport> fewer = new HashMap<>(state.devices());
        fewer.remove(device);
        return state.withDevices(fewer);
    }

    private static boolean isSilent(long at, long now) {
        return now - at >= SILENCE.toMillis();
    }

    @Override
    public KnownPresence timePasses(KnownPresence state, long now) {
        if (state.devices().values().stream().anyMatch(heard -> isSilent(heard.at(), now))) {
            Map<String, DeviceReport> left = new HashMap<>(state.devices());
            left.values().removeIf(heard -> isSilent(heard.at(), now));
            return state.withDevices(left);
        }
        boolean isForgotten = state.devices().isEmpty() && now - state.knownAt() >= REMEMBERED.toMillis();
        return isForgotten ? KnownPresence.unknown(state.user()) : state;
    }

    @Override
    public long dueAt(KnownPresence state) {
        long due = isBlank(state) ? Long.MAX_VALUE : state.knownAt() + REMEMBERED.toMillis();
        for (DeviceReport heard : state.devices().values()) {
            due = Math.min(due, heard.at() + SILENCE.toMillis());
        }
        return due;
    }

    @Override
    public UserPresence show(KnownPresence state, @Nullable UserPresence shown, long now) {
        PresenceState presence = state.presence();
        boolean active = presence == PresenceState.ONLINE;
        boolean willDo = active
                && shown != null
                && shown.presence() == presence
                && Objects.equals(shown.statusMessage(), state.statusMessage());
        return shown != null && willDo
                ? shown
                : new UserPresence(state.user(), presence, state.lastActive(), active, state.statusMessage());
    }

    @Override
    public boolean isBlank(KnownPresence state) {
        return state.devices().isEmpty() && state.knownAt() == 0;
    }

    /**
     * What a user sets is written soon. The time of their last activity is written when they go offline, and every few
     * minutes while they are active.
     */
    @Override
    public boolean isWorthKeeping(@Nullable KnownPresence kept, KnownPresence state) {
        if (state.knownAt() == 0) {
            return false;
        }
        if (kept == null || kept.setAt() != state.setAt()) {
            return true;
        }
        long newer = state.lastActive() - kept.lastActive();
        return newer >= KEPT_STEP_MILLIS || newer > 0 && state.presence() == PresenceState.OFFLINE;
    }
}
