package io.myelin.matrix.auth;

import io.myelin.matrix.event.EventTypes;
import io.myelin.matrix.event.Pdu;
import io.myelin.matrix.id.UserId;
import org.jspecify.annotations.Nullable;

/** The room state that an event is checked against; it has accepted events only. */
@FunctionalInterface
public interface AuthState {
    /** The state event of this type and state key, or null. */
    @Nullable
    Pdu get(String type, String stateKey);

    default Membership membership(UserId user) {
        return Membership.of(get(EventTypes.MEMBER, user.value()));
    }

    default JoinRule joinRule() {
        return JoinRule.of(get(EventTypes.JOIN_RULES, ""));
    }
}
