package io.myelin.accountserver.web;

import io.myelin.accountserver.registration.NewSession;
import io.myelin.accountserver.registration.NewSessions;
import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountCommands;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.AttemptLimit;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import io.myelin.web.address.ClientAddress;
import io.myelin.web.session.AccessToken;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Exchanges a refresh token for new tokens. Client-server API, "Refreshing access tokens". */
@RestController
public class RefreshController {
    private final ServerName server;
    private final AccountCommands commands;
    private final NewSessions newSessions;
    private final AttemptLimit wrongOnes;
    private final Supplier<UUID> ids;

    /** @param wrongOnes how many wrong tokens an address may present */
    public RefreshController(
            ServerName server,
            AccountCommands commands,
            NewSessions newSessions,
            AttemptLimit wrongOnes,
            Supplier<UUID> ids) {
        this.server = server;
        this.commands = commands;
        this.newSessions = newSessions;
        this.wrongOnes = wrongOnes;
        this.ids = ids;
    }

    @PostMapping({
        "/_matrix/client/v3/refresh",
        "/_matrix/client/v1/refresh",
        "/_matrix/client/unstable/org.matrix.msc2918/refresh"
    })
    JsonObject refresh(ClientAddress client, JsonObject body) {
        String text = RequestFields.of(body).requiredString("refresh_token");
        String guesser = "refresh token from " + client.network();
        wrongOnes.attempt(guesser);
        AccessToken presented = AccessToken.parseRefreshToken(text, server).orElseThrow(() -> refused("It is none."));
        UserId user = presented.user();
        AccessToken accessToken = newSessions.accessToken(user);
        NewSession.Tokens next = newSessions.tokens(user);
        AccountAnswer answer;
        try {
            answer = commands.execute(
                    ids.get(),
                    new AccountCommand.RefreshSession(user, presented.hash(), accessToken.hash(), next.kept()));
        } catch (RuntimeException e) {
            wrongOnes.giveBack(guesser); // Nobody has said that the token is wrong.
            throw e;
        }
        if (answer instanceof AccountAnswer.Refused(var error)) {
            boolean isLocked = error.errcode().equals(LoginController.LOCKED);
            if (isLocked) { // Which only the holder of a valid token is told.
                wrongOnes.giveBack(guesser);
            }
            LoginController.requireUnlocked(isLocked);
            throw refused(error.error());
        }
        wrongOnes.giveBack(guesser);
        return JsonObject.builder()
                .put("access_token", accessToken.text())
                .put("refresh_token", next.refreshToken().text())
                .put("expires_in_ms", next.accessExpiresInMillis())
                .build();
    }

    private static MatrixException refused(String error) {
        return new MatrixException(
                401,
                JsonObject.builder()
                        .put("errcode", "M_UNKNOWN_TOKEN")
                        .put("error", "The refresh token is not valid. " + error)
                        .put("soft_logout", false)
                        .build());
    }
}
