package io.myelin.accountserver.authentication;

import io.myelin.web.RequestFields;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Asks for the token that the operator hands out. Client-server API, "Token-authenticated registration". */
public final class RegistrationTokenStage implements Stage {
    private final byte[] token;

    public RegistrationTokenStage(String token) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String type() {
        return "m.login.registration_token";
    }

    @Override
    public boolean isProven(RequestFields auth) {
        return isValid(auth.requiredString("token"));
    }

    public boolean isValid(String given) {
        return MessageDigest.isEqual(token, given.getBytes(StandardCharsets.UTF_8));
    }
}
