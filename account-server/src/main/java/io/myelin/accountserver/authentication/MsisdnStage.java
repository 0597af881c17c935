package io.myelin.accountserver.authentication;

/**
 * Asks for a phone number that the client has proven to control: it knows the code in a text message. Client-server API,
 * "Phone number/MSISDN-based (identity / homeserver)".
 */
public final class MsisdnStage implements Stage {
    public static final String TYPE = "m.login.msisdn";

    private final EmailStage.Validated validated;

    public MsisdnStage(EmailStage.Validated validated) {
        this.validated = validated;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Proof prove(Attempt attempt) {
        return EmailStage.prove(attempt, validated);
    }
}
