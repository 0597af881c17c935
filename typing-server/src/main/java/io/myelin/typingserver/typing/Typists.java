package io.myelin.typingserver.typing;

import io.myelin.matrix.id.RoomId;
import io.myelin.matrix.id.UserId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * The users who type in a room, in the order in which they began.
 *
 * @param until when each stops typing unless another notification comes; milliseconds since the epoch
 */
public record Typists(RoomId room, SequencedMap<UserId, Long> until) {

    static Typists none(RoomId room) {
        return new Typists(room, Collections.unmodifiableSequencedMap(new LinkedHashMap<>()));
    }

    boolean nobody() {
        return until.isEmpty();
    }

    List<UserId> users() {
        return List.copyOf(until.sequencedKeySet());
    }

    Typists with(UserId user, long end) {
        SequencedMap<UserId, Long> more = new LinkedHashMap<>(until);
        more.put(user, end);
        return new Typists(room, Collections.unmodifiableSequencedMap(more));
    }

    Typists without(UserId user) {
        if (!until.containsKey(user)) {
            return this;
        }
        SequencedMap<UserId, Long> fewer = new LinkedHashMap<>(until);
        fewer.remove(user);
        return new Typists(room, Collections.unmodifiableSequencedMap(fewer));
    }

    /** The users who still type at a time. */
    Typists at(long now) {
        if (until.values().stream().allMatch(end -> end > now)) {
            return this;
        }
        SequencedMap<UserId, Long> left = new LinkedHashMap<>(until);
        left.values().removeIf(end -> end <= now);
        return new Typists(room, Collections.unmodifiableSequencedMap(left));
    }

    /** When the next of them stops typing; {@code Long.MAX_VALUE} if nobody types. */
    long nextEnd() {
        return until.values().stream().min(Long::compare).orElse(Long.MAX_VALUE);
    }
}
