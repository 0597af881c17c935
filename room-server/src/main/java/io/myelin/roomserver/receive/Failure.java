package io.myelin.roomserver.receive;

import io.myelin.matrix.auth.AuthResult;
import java.util.Optional;

/**
 * Why an event did not pass a check.
 *
 * @param reason a sentence for the log, and for the server that sent the event
 */
public record Failure(String reason) {

    static Optional<Failure> of(AuthResult result) {
        return switch (result) {
            case AuthResult.Allowed() -> Optional.empty();
            case AuthResult.Rejected(String rule, String reason) ->
                Optional.of(new Failure(reason + " (rule " + rule + ")"));
        };
    }
}
