package io.myelin.accountserver.authentication;

import io.myelin.web.RequestFields;
import java.util.Optional;

/**
 * Asks for an email address that the client has proven to control: it opened the link in a mail. Client-server API,
 * "Email-based (identity / homeserver)".
 */
public final class EmailStage implements Stage {
    public static final String TYPE = "m.login.email.identity";

    private final Validated validated;

    /** Finds the address that a client has proven to control. */
    @FunctionalInterface
    public interface Validated {

        /** @param operation the name of what it was to be confirmed for; a confirmation for another does not count */
        Optional<String> address(String operation, String sid, String clientSecret);
    }

    public EmailStage(Validated validated) {
        this.validated = validated;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Proof prove(Attempt attempt) {
        return prove(attempt, validated);
    }

    /** What a confirmation shows to which {@code threepid_creds} point. */
    static Proof prove(Attempt attempt, Validated validated) {
        RequestFields credentials = attempt.auth().fields("threepid_creds");
        if (credentials == null) {
            credentials = attempt.auth().fields("threepidCreds"); // The name before r0.5.
        }
        if (credentials == null) {
            throw attempt.auth().missing("threepid_creds");
        }
        String sid = credentials.requiredString("sid");
        return validated
                .address(attempt.operation(), sid, credentials.requiredString("client_secret"))
                .<Proof>map(address -> new Proof.Given(new ProvenAddress(sid, address).proof()))
                .orElse(new Proof.Missing("M_UNAUTHORIZED", "The address is not confirmed yet."));
    }
}
