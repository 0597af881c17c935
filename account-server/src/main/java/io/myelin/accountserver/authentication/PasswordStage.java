package io.myelin.accountserver.authentication;

import io.myelin.contracts.MatrixError;
import io.myelin.matrix.id.UserId;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * Asks for the password of the user who makes the request. The password of another user proves nothing, so it is forbidden.
 * Client-server API, "Password-based".
 */
public final class PasswordStage implements Stage {
    public static final String TYPE = "m.login.password";

    private final UserId user;
    private final Identifiers identifiers;
    private final BiPredicate<UserId, String> isPassword;

    public PasswordStage(UserId user, Identifiers identifiers, BiPredicate<UserId, String> isPassword) {
        this.user = user;
        this.identifiers = identifiers;
        this.isPassword = isPassword;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public boolean isProven(RequestFields auth) {
        String password = auth.requiredString("password");
        Optional<UserId> named = identifiers.user(auth);
        if (named.isPresent() && !named.get().equals(user)) {
            throw new MatrixException(MatrixError.forbidden("Only whoever makes the request can prove it."));
        }
        return named.isPresent() && isPassword.test(user, password);
    }
}
