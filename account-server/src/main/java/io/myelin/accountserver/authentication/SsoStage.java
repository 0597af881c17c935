package io.myelin.accountserver.authentication;

/**
 * Asks the user to log in at the single sign-on service. A page of this server completes it, never a client's own request.
 * Client-server API, "Single Sign-On".
 */
public final class SsoStage implements Stage {
    public static final String TYPE = "m.login.sso";

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Proof prove(Attempt attempt) {
        return new Proof.Missing("M_UNAUTHORIZED", "The user has not logged in at the single sign-on service yet.");
    }
}
