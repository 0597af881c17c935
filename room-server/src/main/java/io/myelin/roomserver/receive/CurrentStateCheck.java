package io.myelin.roomserver.receive;

import io.myelin.matrix.auth.AuthRules;
import io.myelin.matrix.auth.AuthState;
import io.myelin.matrix.event.Pdu;
import java.util.Optional;

/** Check 6: the room's current state must permit the event. If it does not, the event fails softly. */
public final class CurrentStateCheck {

    private CurrentStateCheck() {}

    public static Optional<Failure> check(Pdu event, AuthState current) {
        return Failure.of(AuthRules.check(event, current));
    }
}
