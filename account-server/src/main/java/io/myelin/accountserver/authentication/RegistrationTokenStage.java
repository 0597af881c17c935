package io.myelin.accountserver.authentication;

import io.myelin.web.AttemptLimit;
import io.myelin.web.RequestFields;
import io.myelin.web.address.ClientAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/**
 * Asks for one of the registration tokens that the operator hands out. Each client address has a limited number of wrong
 * attempts. Client-server API, "Token-authenticated registration".
 */
public final class RegistrationTokenStage implements Stage {
    private final List<String> tokens;
    private final AttemptLimit wrongOnes;
    private final String guesser;

    /** @param client the client that is about to present a token */
    public RegistrationTokenStage(List<String> tokens, AttemptLimit wrongOnes, ClientAddress client) {
        this.tokens = List.copyOf(tokens);
        this.wrongOnes = wrongOnes;
        this.guesser = "registration token from " + client.network();
    }

    @Override
    public String type() {
        return "m.login.registration_token";
    }

    @Override
    public boolean isProven(RequestFields auth) {
        return isValid(auth.requiredString("token"));
    }

    /** Compares with all tokens, so that the time does not show which one matched. */
    public boolean isValid(String given) {
        wrongOnes.requireAttempt(guesser);
        byte[] bytes = given.getBytes(StandardCharsets.UTF_8);
        boolean valid = false;
        for (String token : tokens) {
            valid |= MessageDigest.isEqual(token.getBytes(StandardCharsets.UTF_8), bytes);
        }
        if (!valid) {
            wrongOnes.attempt(guesser);
        }
        return valid;
    }
}
