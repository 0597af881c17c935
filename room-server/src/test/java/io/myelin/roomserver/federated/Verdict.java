package io.myelin.roomserver.federated;

import io.myelin.matrix.auth.AuthResult;

/** What becomes of an event on receipt. Server-server API, "Checks performed on receipt of a PDU". */
public sealed interface Verdict {
    /** Steps 4 and 5 let the event pass. Step 6 is left out, since it depends on the order of arrival. */
    record Accepted() implements Verdict {}

    /**
     * A step rejects the event.
     *
     * @param rule the number of the rule in the specification of the room's version
     */
    record Rejected(Step step, String rule, String reason) implements Verdict {}

    /** The checks that may reject an event. */
    enum Step {
        /** 4: by the event's own auth events. */
        BY_AUTH_EVENTS,
        /** 5: by the state before the event. */
        BY_STATE_BEFORE
    }

    static Verdict of(Step step, AuthResult result) {
        return switch (result) {
            case AuthResult.Allowed() -> new Accepted();
            case AuthResult.Rejected(String rule, String reason) -> new Rejected(step, rule, reason);
        };
    }

    default boolean isAccepted() {
        return this instanceof Accepted;
    }

    default boolean isRejected(Step step) {
        return this instanceof Rejected rejected && rejected.step() == step;
    }
}
