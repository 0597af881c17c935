package io.myelin.accountserver.authentication;

import io.myelin.matrix.id.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The flows by which a logged-in user proves again who they are: each has a single stage. */
public final class UserStages {
    private static final List<String> BY_PASSWORD = List.of(PasswordStage.TYPE);
    private static final List<String> BY_SSO = List.of(SsoStage.TYPE);

    private final Predicate<UserId> hasPassword;
    private final Predicate<UserId> hasSingleSignOn;

    public UserStages(Predicate<UserId> hasPassword, Predicate<UserId> hasSingleSignOn) {
        this.hasPassword = hasPassword;
        this.hasSingleSignOn = hasSingleSignOn;
    }

    /** A user who has neither is shown the password: nothing but a reset of it helps them. */
    public List<List<String>> of(UserId user) {
        List<List<String>> flows = new ArrayList<>();
        boolean sso = hasSingleSignOn.test(user);
        if (!sso || hasPassword.test(user)) {
            flows.add(BY_PASSWORD);
        }
        if (sso) {
            flows.add(BY_SSO);
        }
        return flows;
    }
}
