package io.myelin.roomserver.receive;

import io.myelin.matrix.auth.AuthRules;
import io.myelin.matrix.auth.AuthState;
import io.myelin.matrix.event.Pdu;
import java.util.Optional;

/** 6: whether the room as it is now permits it. If not, it fails softly. */
public final class CurrentStateCheck {

    private CurrentStateCheck() {}

    public static Optional<Failure> check(Pdu event, AuthState current) {
        return Failure.of(AuthRules.check(event, current));
    }
}
