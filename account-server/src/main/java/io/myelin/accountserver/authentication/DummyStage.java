package io.myelin.accountserver.authentication;

import io.myelin.web.RequestFields;

/** Asks for nothing. Client-server API, "Dummy Auth". */
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
