package io.myelin.accountserver.authentication;

import io.myelin.web.AttemptLimit;
import io.myelin.web.address.ClientAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Asks for one of the registration tokens that the operator hands out: those of the settings, which any number of users may
 * use, and those that administrators have made, of which a session holds one use. Each client address has a limited number
 * of wrong attempts. Client-server API, "Token-authenticated registration".
 */
public final class RegistrationTokenStage implements Stage {
    public static final String TYPE = "m.login.registration_token";

    /** The proof by a token of the settings, which no session holds. */
    private static final String OF_THE_SETTINGS = "";

    private final Supplier<List<String>> configured;
    private final Predicate<String> isUsable;
    private final AttemptLimit wrongOnes;

    /**
     * @param configured the tokens of the settings; asked for each attempt
     * @param isUsable whether administrators have made this token and it has a use left
     */
    public RegistrationTokenStage(
            Supplier<List<String>> configured, Predicate<String> isUsable, AttemptLimit wrongOnes) {
        this.configured = configured;
        this.isUsable = isUsable;
        this.wrongOnes = wrongOnes;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public boolean isHeld() {
        return true;
    }

    @Override
    public Proof prove(Attempt attempt) {
        String token = attempt.auth().requiredString("token");
        return Proof.of(isValid(token, attempt.client()), isConfigured(token) ? OF_THE_SETTINGS : token);
    }

    @Override
    public boolean complete(AuthenticationSessions sessions, String session, String proof, long now) {
        if (proof.equals(OF_THE_SETTINGS)) {
            return Stage.super.complete(sessions, session, proof, now);
        }
        return sessions.hold(session, TYPE, proof, now);
    }

    /** Whether somebody can register with the token now. */
    public boolean isValid(String token, ClientAddress client) {
        String guesser = "registration token from " + client.network();
        wrongOnes.attempt(guesser);
        boolean valid = isConfigured(token) || isUsable.test(token);
        if (valid) {
            wrongOnes.giveBack(guesser);
        }
        return valid;
    }

    /** Compares with all tokens, so that the time does not show which one matched. */
    private boolean isConfigured(String given) {
        byte[] bytes = given.getBytes(StandardCharsets.UTF_8);
        boolean valid = false;
        for (String token : configured.get()) {
            valid |= MessageDigest.isEqual(token.getBytes(StandardCharsets.UTF_8), bytes);
        }
        return valid;
    }
}
