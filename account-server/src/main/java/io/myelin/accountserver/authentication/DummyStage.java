package io.myelin.accountserver.authentication;

/** A stage that asks for no proof. Client-server API, "Dummy Auth". */
public final class DummyStage implements Stage {
    public static final String TYPE = "m.login.dummy";

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Proof prove(Attempt attempt) {
        return Proof.OF_NOTHING;
    }
}
