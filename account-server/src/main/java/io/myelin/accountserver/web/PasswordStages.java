package io.myelin.accountserver.web;

import io.myelin.accountserver.authentication.Credentials;
import io.myelin.accountserver.authentication.Identifiers;
import io.myelin.accountserver.authentication.PasswordStage;
import io.myelin.accountserver.authentication.Stage;
import io.myelin.matrix.id.UserId;
import io.myelin.web.address.ClientAddress;
import java.util.List;

/** The stages by which a logged-in user proves again who they are. */
public final class PasswordStages {
    private final Identifiers identifiers;
    private final Credentials credentials;

    public PasswordStages(Identifiers identifiers, Credentials credentials) {
        this.identifiers = identifiers;
        this.credentials = credentials;
    }

    /** @param client the client that is about to prove it */
    List<Stage> of(UserId user, ClientAddress client) {
        return List.of(new PasswordStage(
                user, identifiers, (named, password) -> credentials.isPassword(named, password, client)));
    }
}
