package io.myelin.accountserver.authentication;

import io.myelin.matrix.id.UserId;
import io.myelin.web.AttemptLimit;
import io.myelin.web.MatrixException;
import io.myelin.web.address.ClientAddress;

/**
 * Limits logins. An address is limited before anything is checked, an account only after its owner has proven who they are:
 * nobody can lock another one out. Wrong passwords have limits of their own ({@link Credentials}).
 */
public final class LoginLimits {
    private final AttemptLimit ofAddress;
    private final AttemptLimit ofAccount;

    public LoginLimits(AttemptLimit ofAddress, AttemptLimit ofAccount) {
        this.ofAddress = ofAddress;
        this.ofAccount = ofAccount;
    }

    /** @throws MatrixException 429 if the address has logged in too often; this machine itself is not limited */
    public void attempt(ClientAddress client) {
        if (!client.onThisMachine()) {
            ofAddress.attempt(client.network());
        }
    }

    /** @throws MatrixException 429 if the user, who has proven who they are, has logged in too often */
    public void proven(UserId user) {
        ofAccount.attempt(user);
    }
}
