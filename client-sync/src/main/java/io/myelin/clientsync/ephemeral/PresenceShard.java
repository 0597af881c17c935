package io.myelin.clientsync.ephemeral;

import io.myelin.contracts.presence.PresenceState;
import io.myelin.contracts.presence.UserPresence;
import io.myelin.engine.ephemeral.Version;
import io.myelin.engine.ephemeral.Versioned;
import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The presence of the users of one shard. After a change of the shard's owner, users do not count as offline at once.
 * Users of whom the new owner has told nothing within a minute count as offline from its next value on.
 */
final class PresenceShard {
    private static final long GRACE_MILLIS = 60_000;

    private record Change(Version version, UserId user) {
        static final Comparator<Change> ORDER = Comparator.comparing(Change::version)
                .thenComparing(change -> change.user().value());
    }

    private final Map<UserId, Versioned<UserPresence>> users = new HashMap<>();
    private final TreeSet<Change> changes = new TreeSet<>(Change.ORDER);
    private final PendingValues<UserId, UserPresence> settling = new PendingValues<>();

    /** Users who were not offline, and of whom the present owner has told nothing yet. */
    private final Map<UserId, UserPresence> former = new HashMap<>();

    private long formerUntil;
    private Version position = Version.NONE;

    /** @return the users whose presence has changed */
    synchronized List<UserId> changed(Version version, UserPresence presence, long now) {
        if (settling.takes(version)) {
            settling.put(presence.user(), new Versioned<>(version, presence));
            return List.of();
        }
        List<UserId> changed = new ArrayList<>();
        put(new Versioned<>(version, presence), changed);
        if (!former.isEmpty() && now >= formerUntil) {
            for (UserPresence last : List.copyOf(former.values())) {
                put(new Versioned<>(version, offline(last)), changed);
            }
        }
        return changed;
    }

    private static UserPresence offline(UserPresence last) {
        return new UserPresence(last.user(), PresenceState.OFFLINE, last.lastActive(), false, last.statusMessage());
    }

    private void put(Versioned<UserPresence> value, List<UserId> changed) {
        UserId user = value.value().user();
        former.remove(user);
        Versioned<UserPresence> before = users.put(user, value);
        if (before != null) {
            changes.remove(new Change(before.version(), user));
        }
        changes.add(new Change(value.version(), user));
        changed.add(user);
        if (value.version().isAfter(position)) {
            position = value.version();
        }
    }

    synchronized void reset(Version asOf) {
        settling.begin(asOf);
    }

    /** @return the users whose presence has changed */
    synchronized List<UserId> settled(long now) {
        boolean anotherOwner = settling.isOfAnotherEpoch();
        Version asOf = settling.asOf();
        Map<UserId, Versioned<UserPresence>> values = settling.end();
        List<UserId> changed = new ArrayList<>();
        if (asOf.isAfter(position)) {
            for (Versioned<UserPresence> before : List.copyOf(users.values())) {
                UserPresence last = before.value();
                if (last.presence() == PresenceState.OFFLINE || values.containsKey(last.user())) {
                    continue;
                }
                if (anotherOwner) {
                    former.put(last.user(), last);
                    formerUntil = now + GRACE_MILLIS;
                } else {
                    values.put(last.user(), new Versioned<>(asOf, offline(last)));
                }
            }
            position = asOf;
        }
        for (Versioned<UserPresence> value : values.values()) {
            Versioned<UserPresence> before = users.get(value.value().user());
            if (before == null || value.version().isAfter(before.version())) {
                put(value, changed);
            }
        }
        return changed;
    }

    synchronized @Nullable UserPresence of(UserId user) {
        Versioned<UserPresence> value = users.get(user);
        return value == null ? null : value.value();
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
     * @return the version up to which the client has been told then
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

    /**
     * A client with a later epoch than ours was told by a reader that is ahead, or before a restore: it is told
     * everything.
     */
    private Version base(Version since) {
        return since.epoch() > position.epoch() ? Version.NONE : since;
    }

    synchronized Version position() {
        return position;
    }
}
