package io.myelin.accountserver.authentication;

import io.myelin.matrix.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** One kind of proof that a client can give. Client-server API, "User-Interactive Authentication API". */
public interface Stage {

    /** The stage's type, such as {@code m.login.password}. */
    String type();

    /** What a client has to know to complete the stage; null if nothing. */
    default @Nullable JsonObject parameters() {
        return null;
    }

    /** What the attempt shows. */
    Proof prove(Attempt attempt);

    /** Whether a session holds something from this stage's completion on, so that one has to be stored. */
    default boolean isHeld() {
        return false;
    }

    /**
     * Remembers in the session that the stage is completed.
     *
     * @return whether it is; false if it cannot be completed any more
     */
    default boolean complete(AuthenticationSessions sessions, String session, String proof, long now) {
        sessions.complete(session, type(), proof);
        return true;
    }
}
