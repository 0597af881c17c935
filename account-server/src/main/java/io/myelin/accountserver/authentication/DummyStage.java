package io.myelin.accountserver.authentication;

import io.myelin.web.RequestFields;

/** A stage that asks for no proof. Client-server API, "Dummy Auth". */
public final class DummyStage implements Stage {

    @Override
    public String type() {
        return "m.login.dummy";
    }

    @Override
    public boolean isProven(RequestFields auth) {
        return true;
    }
}
