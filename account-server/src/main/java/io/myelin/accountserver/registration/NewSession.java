package io.myelin.accountserver.registration;

import io.myelin.contracts.account.AccountCommand;
import io.myelin.web.session.AccessToken;
import org.jspecify.annotations.Nullable;

/**
 * A session that is about to begin: the parts that the client gets, and the parts that are stored.
 *
 * @param tokens null for a session whose access token stays valid
 */
public record NewSession(
        AccessToken token,
        String device,
        @Nullable String displayName,
        @Nullable Tokens tokens) {

    /**
     * What the client needs to refresh the session.
     *
     * @param accessExpiresInMillis how long the access token is valid
     * @param kept what is stored of it
     */
    public record Tokens(AccessToken refreshToken, long accessExpiresInMillis, AccountCommand.RefreshTokens kept) {}

    public AccountCommand.NewDevice toKeep() {
        return new AccountCommand.NewDevice(device, displayName, token.hash(), tokens == null ? null : tokens.kept());
    }
}
