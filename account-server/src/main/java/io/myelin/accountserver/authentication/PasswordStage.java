package io.myelin.accountserver.authentication;

import io.myelin.contracts.MatrixError;
import io.myelin.matrix.id.UserId;
import io.myelin.web.MatrixException;
import java.util.Optional;

/**
 * Asks for the password of the user who makes the request. The password of another user proves nothing, so it is forbidden.
 * Client-server API, "Password-based".
 */
public final class PasswordStage implements Stage {
    public static final String TYPE = "m.login.password";

    private final Identifiers identifiers;
    private final Credentials credentials;

    public PasswordStage(Identifiers identifiers, Credentials credentials) {
        this.identifiers = identifiers;
        this.credentials = credentials;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Proof prove(Attempt attempt) {
        String password = attempt.auth().requiredString("password");
        UserId requester = attempt.requester();
        if (requester == null) {
            throw new MatrixException(400, "M_UNRECOGNIZED", "Nobody is logged in whose password could be asked for.");
        }
        Optional<UserId> named = identifiers.user(attempt.auth());
        if (named.isPresent() && !named.get().equals(requester)) {
            throw new MatrixException(MatrixError.forbidden("Only whoever makes the request can prove it."));
        }
        return Proof.of(
                named.isPresent() && credentials.isPassword(requester, password, attempt.client()), requester.value());
    }
}
