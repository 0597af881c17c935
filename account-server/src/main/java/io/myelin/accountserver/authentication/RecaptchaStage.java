package io.myelin.accountserver.authentication;

import io.myelin.matrix.json.JsonObject;
import io.myelin.web.AttemptLimit;

/** Asks a person to solve a riddle of Google's. Client-server API, "Google ReCaptcha". */
public final class RecaptchaStage implements Stage {
    public static final String TYPE = "m.login.recaptcha";

    private final String publicKey;
    private final Check check;
    private final AttemptLimit attempts;

    /** Asks the service whether a response is right. */
    @FunctionalInterface
    public interface Check {
        /** @throws io.myelin.web.MatrixException if the service does not answer */
        boolean isRight(String response);
    }

    /** @param attempts how many responses of an address are checked */
    public RecaptchaStage(String publicKey, Check check, AttemptLimit attempts) {
        this.publicKey = publicKey;
        this.check = check;
        this.attempts = attempts;
    }

    public String publicKey() {
        return publicKey;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public JsonObject parameters() {
        return JsonObject.of("public_key", publicKey);
    }

    @Override
    public Proof prove(Attempt attempt) {
        String response = attempt.auth().string("response");
        if (response == null) {
            return new Proof.Missing("M_CAPTCHA_NEEDED", "The riddle has to be solved.");
        }
        attempts.attempt("recaptcha from " + attempt.client().network());
        return check.isRight(response)
                ? Proof.OF_NOTHING
                : new Proof.Missing("M_CAPTCHA_INVALID", "The riddle was not solved.");
    }
}
