package io.myelin.accountserver.authentication;

import io.myelin.web.RequestFields;

/** One kind of proof that a client can give. Client-server API, "User-Interactive Authentication API". */
public interface Stage {

    /** The stage's type, such as {@code m.login.password}. */
    String type();

    /** Whether the proof in {@code auth} holds. */
    boolean isProven(RequestFields auth);
}
