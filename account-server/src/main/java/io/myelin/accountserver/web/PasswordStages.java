package io.myelin.accountserver.web;

import io.myelin.accountserver.authentication.Credentials;
import io.myelin.accountserver.authentication.Identifiers;
import io.myelin.accountserver.authentication.PasswordStage;
import io.myelin.accountserver.authentication.Stage;
import io.myelin.matrix.id.UserId;
import io.myelin.web.address.ClientAddress;
import java.util.List;

/** How users prove once more that they are who they say. */
public final class PasswordStages {
    private final Identifiers identifiers;
    private final Credentials credentials;

    public PasswordStages(Identifiers identifiers, Credentials credentials) {
        this.identifiers = identifiers;
        this.credentials = credentials;
    }

    /** @param client who is about to prove it */
    List<Stage> of(UserId user, ClientAddress client) {
        return List.of(new PasswordStage(
                user, identifiers, (named, password) -> credentials.isPassword(named, password, client)));
    }
}
