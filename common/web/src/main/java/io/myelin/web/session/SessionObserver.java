package io.myelin.web.session;

import io.myelin.contracts.account.Session;

/** Is told of each request with an access token. It returns at once. */
@FunctionalInterface
public interface SessionObserver {
    /**
     * A session has made a request.
     *
     * @param ip the client's address
     * @param userAgent as the client sent it; empty if it did not
     */
    void seen(Session session, String ip, String userAgent);
}
