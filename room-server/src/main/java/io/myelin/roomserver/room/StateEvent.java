package io.myelin.roomserver.room;

import io.myelin.matrix.auth.Membership;
import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an event of a room's state without reading it.
 *
 * @param seq its number in the shard
 * @param size of its body, in bytes
 * @param membership what a member event says; null for other events
 */
public record StateEvent(long seq, int size, @Nullable Membership membership) {

    public static StateEvent of(long seq, Pdu event) {
        return new StateEvent(
                seq, event.bytes().length, event.type().equals(EventTypes.MEMBER) ? Membership.of(event) : null);
    }

    public boolean isJoined() {
        return membership == Membership.JOIN;
    }
}
