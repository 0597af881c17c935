package io.myelin.clientsync.ephemeral;

import io.myelin.contracts.EphemeralQueries.Version;
import io.myelin.contracts.EphemeralQueries.Versioned;
import io.myelin.contracts.presence.PresenceState;
import io.myelin.contracts.presence.UserPresence;
import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The presence of the users of one shard. Where their owner has changed, nobody counts as offline at once: those of whom
 * the new one has said nothing within a minute do, from its next word on.
 */
final class PresenceShard {
    private static final long GRACE_MILLIS = 60_000;

    private record Change(Version version, UserId user) {
        static final Comparator<Change> ORDER = Comparator.comparing(Change::version)
                .thenComparing(change -> change.user().value());
    }

    private final Map<UserId, Versioned<UserPresence>> users = new HashMap<>();
    private final TreeSet<Change> changes = new TreeSet<>(Change.ORDER);

    /** What the owner before this one said. */
    private final Map<UserId, UserPresence> former = new HashMap<>();

    private long formerUntil;
    private Version position = Version.NONE;

    /** @return the users whose presence is another now */
    synchronized List<UserId> changed(Version version, UserPresence presence, long now) {
        List<UserId> changed = new ArrayList<>();
        put(version, presence);
        changed.add(presence.user());
        former.remove(presence.user());
        if (!former.isEmpty() && now >= formerUntil) {
            former.forEach((user, last) -> {
                put(version, new UserPresence(user, PresenceState.OFFLINE, last.lastActive(), false, null));
                changed.add(user);
            });
            former.clear();
        }
        if (version.isAfter(position)) {
            position = version;
        }
        return changed;
    }

    private void put(Version version, UserPresence presence) {
        Versioned<UserPresence> before = users.put(presence.user(), new Versioned<>(version, presence));
        if (before != null) {
            changes.remove(new Change(before.version(), presence.user()));
        }
        changes.add(new Change(version, presence.user()));
    }

    synchronized void reset(Version asOf, long now) {
        users.forEach((user, value) -> {
            if (value.value().presence() != PresenceState.OFFLINE) {
                former.put(user, value.value());
            }
        });
        formerUntil = now + GRACE_MILLIS;
        users.clear();
        changes.clear();
        position = asOf;
    }

    synchronized @Nullable UserPresence of(UserId user) {
        Versioned<UserPresence> value = users.get(user);
        return value == null ? former.get(user) : value.value();
    }

    /** The presence of a user if it changed after a version. */
    synchronized @Nullable UserPresence ifChanged(UserId user, Version since) {
        Versioned<UserPresence> value = users.get(user);
        return value != null && value.version().isAfter(base(since)) ? value.value() : null;
    }

    /**
     * Gathers what changed after a version, the newest first.
     *
     * @param most stops when there are more than so many
     * @return up to where the client has been told then
     */
    synchronized Version since(Version since, List<UserPresence> into, int most) {
        if (position.equals(Version.NONE)) {
            return since;
        }
        Version base = base(since);
        for (Change change : changes.descendingSet()) {
            Versioned<UserPresence> value = users.get(change.user());
            if (!change.version().isAfter(base) || into.size() > most) {
                break;
            }
            if (value != null) {
                into.add(value.value());
            }
        }
        return base.isAfter(position) ? base : position;
    }

    /** A client that was told of a later epoch than ours was told by somebody who knows more, or of another past. */
    private Version base(Version since) {
        return since.epoch() > position.epoch() ? Version.NONE : since;
    }

    synchronized Version position() {
        return position;
    }
}
