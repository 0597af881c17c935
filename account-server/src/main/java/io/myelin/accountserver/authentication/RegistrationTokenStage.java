package io.myelin.accountserver.authentication;

import io.myelin.web.AttemptLimit;
import io.myelin.web.RequestFields;
import io.myelin.web.address.ClientAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/**
 * Asks for one of the tokens that the operator hands out. An address may try only so many that are none. Client-server
 * API, "Token-authenticated registration".
 */
public final class RegistrationTokenStage implements Stage {
    private final List<String> tokens;
    private final AttemptLimit wrongOnes;
    private final String guesser;

    /** @param client who is about to say one */
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

    /** Looks at all of them, so that the time it takes says nothing. */
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
