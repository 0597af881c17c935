package io.myelin.matrix.state;

import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import java.util.Comparator;

/**
 * The key of a state event: its type and its {@code state_key}. Comparable, so that a {@link java.util.HashMap} stays fast
 * if a user has chosen keys of equal hashes.
 */
public record StateKey(String type, String stateKey) implements Comparable<StateKey> {
    private static final Comparator<StateKey> ORDER =
            Comparator.comparing(StateKey::type).thenComparing(StateKey::stateKey);

    /** Whether it is the membership of a user of this server. */
    public boolean isMemberOf(ServerName server) {
        return type.equals(EventTypes.MEMBER)
                && UserId.tryParse(stateKey)
                        .filter(user -> user.serverName().equals(server))
                        .isPresent();
    }

    @Override
    public int compareTo(StateKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return "(" + type + ", " + stateKey + ")";
    }
}
