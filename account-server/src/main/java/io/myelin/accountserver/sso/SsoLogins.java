package io.myelin.accountserver.sso;

import io.myelin.matrix.id.UserId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The way of a person through the CAS server and back: to log in, or to confirm who they are. */
public final class SsoLogins {
    /** Where people come back to. */
    public static final String TICKET_PATH = "/_matrix/client/r0/login/cas/ticket";

    private static final String REDIRECT = "redirectUrl";
    private static final String SESSION = "session";

    private final CasService cas;
    private final SsoUsers users;
    private final String baseUrl;

    /** @param baseUrl the address of this server for clients */
    public SsoLogins(CasService cas, SsoUsers users, String baseUrl) {
        this.cas = cas;
        this.users = users;
        this.baseUrl = baseUrl;
    }

    /**
     * Who came back.
     *
     * @param subject the name at the CAS server
     * @param user the local user; there may be no account yet
     * @param mayExist whether it is theirs, if there is one already
     */
    public record Returned(String subject, UserId user, boolean mayExist) {}

    /** Where a person logs in who wants to be led to {@code redirectUrl} with a login token. */
    public String addressToLogIn(String redirectUrl) {
        return cas.loginAddress(service(REDIRECT, redirectUrl));
    }

    /** Where a person logs in to confirm who they are. */
    public String addressToConfirm(String session) {
        return cas.loginAddress(service(SESSION, session));
    }

    /** The person who came back with a ticket to log in; empty if the ticket is not valid. */
    public Optional<Returned> loggedIn(String ticket, String redirectUrl) {
        return returned(ticket, service(REDIRECT, redirectUrl));
    }

    /** The person who came back with a ticket to confirm who they are; empty if the ticket is not valid. */
    public Optional<Returned> confirmed(String ticket, String session) {
        return returned(ticket, service(SESSION, session));
    }

    /** Remembers whose the account is. */
    public void remember(Returned returned) {
        users.remember(CasService.PROVIDER, returned.subject(), returned.user());
    }

    /** Undoes {@link #remember}, if somebody else got the name. */
    public void forget(Returned returned) {
        users.forget(CasService.PROVIDER, returned.subject(), returned.user());
    }

    private Optional<Returned> returned(String ticket, String service) {
        return cas.user(ticket, service)
                .flatMap(subject -> users.user(CasService.PROVIDER, subject)
                        .map(match -> new Returned(subject, match.user(), match.mayExist())));
    }

    private String service(String name, String value) {
        return baseUrl + TICKET_PATH + "?" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
