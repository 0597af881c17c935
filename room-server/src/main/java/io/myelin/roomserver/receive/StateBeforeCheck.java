package io.myelin.roomserver.receive;

import io.myelin.matrix.auth.AuthRules;
import io.myelin.matrix.auth.AuthState;
import io.myelin.matrix.event.Pdu;
import java.util.Optional;

/** Check 5: the state before the event must permit it. If it does not, the event is rejected. */
public final class StateBeforeCheck {

    private StateBeforeCheck() {}

    public static Optional<Failure> check(Pdu event, AuthState before) {
        return Failure.of(AuthRules.check(event, before));
    }
}
