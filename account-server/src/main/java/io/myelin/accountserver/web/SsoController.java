package io.myelin.accountserver.web;

import io.myelin.accountserver.account.UserState;
import io.myelin.accountserver.authentication.InteractiveAuthentication;
import io.myelin.accountserver.authentication.LoginTokens;
import io.myelin.accountserver.authentication.SsoStage;
import io.myelin.accountserver.authentication.Tickets;
import io.myelin.accountserver.sso.SsoLogins;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.matrix.crypto.UnpaddedBase64;
import io.myelin.matrix.id.UserId;
import io.myelin.web.AttemptLimit;
import io.myelin.web.FormFields;
import io.myelin.web.MatrixException;
import io.myelin.web.address.ClientAddress;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Single sign-on by a CAS server: sends a person there, and takes them back with a ticket. Client-server API, "SSO client
 * login/authentication".
 */
@RestController
public class SsoController {
    private static final int MAX_REDIRECT = 4_000;
    private static final int MAX_FORM = 8 << 10;
    private static final int NONCE_BYTES = 16;
    private static final Duration CONFIRMS = Duration.ofMinutes(5);

    private final @Nullable SsoLogins logins;
    private final boolean registers;
    private final Commands commands;
    private final Function<UserId, Optional<UserState.Account>> accounts;
    private final LoginTokens tokens;
    private final InteractiveAuthentication authentication;
    private final AttemptLimit tickets;
    private final Tickets confirmations;
    private final boolean asks;
    private final RandomGenerator random;

    /**
     * @param logins null if there is no single sign-on
     * @param registers whether somebody who comes for the first time gets an account
     * @param tickets how many tickets of an address are checked
     * @param confirmations show that somebody has logged in to confirm who they are
     * @param asks whether they are asked before that completes a session; not in test mode, whose clients are programs
     */
    public SsoController(
            @Nullable SsoLogins logins,
            boolean registers,
            Commands commands,
            Function<UserId, Optional<UserState.Account>> accounts,
            LoginTokens tokens,
            InteractiveAuthentication authentication,
            AttemptLimit tickets,
            Tickets confirmations,
            boolean asks,
            RandomGenerator random) {
        this.logins = logins;
        this.registers = registers;
        this.commands = commands;
        this.accounts = accounts;
        this.tokens = tokens;
        this.authentication = authentication;
        this.tickets = tickets;
        this.confirmations = confirmations;
        this.asks = asks;
        this.random = random;
    }

    @GetMapping({
        "/_matrix/client/v3/login/sso/redirect",
        "/_matrix/client/r0/login/sso/redirect",
        "/_matrix/client/v3/login/cas/redirect",
        "/_matrix/client/r0/login/cas/redirect"
    })
    void redirect(@RequestParam String redirectUrl, HttpServletResponse response) {
        response.setHeader("Location", logins().addressToLogIn(checked(redirectUrl)));
        response.setStatus(HttpServletResponse.SC_FOUND);
    }

    @GetMapping({"/_matrix/client/v3/login/sso/redirect/{provider}", "/_matrix/client/r0/login/sso/redirect/{provider}"
    })
    void redirect(@PathVariable String provider, @RequestParam String redirectUrl, HttpServletResponse response) {
        if (!provider.equals("cas")) {
            throw new MatrixException(MatrixError.notFound("There is no such identity provider."));
        }
        redirect(redirectUrl, response);
    }

    /** Where the CAS server sends people back to. */
    @GetMapping({"/_matrix/client/r0/login/cas/ticket", "/_matrix/client/v3/login/cas/ticket"})
    void ticket(
            @RequestParam String ticket,
            @RequestParam(required = false) @Nullable String redirectUrl,
            @RequestParam(required = false) @Nullable String session,
            ClientAddress client,
            HttpServletResponse response)
            throws IOException {
        tickets.attempt("ticket from " + client.network());
        if (session != null) {
            confirm(ticket, session, response);
        } else if (redirectUrl != null) {
            logIn(ticket, checked(redirectUrl), response);
        } else {
            throw new MatrixException(400, "M_MISSING_PARAM", "'redirectUrl' is missing.");
        }
    }

    /**
     * Asks the person who has logged in whether they want what the session is for. Whoever begins a session can send its
     * link to somebody else, who is logged in at the CAS server already: that alone must not permit anything.
     */
    private void confirm(String ticket, String session, HttpServletResponse response) throws IOException {
        var begun = authentication.session(session);
        Optional<SsoLogins.Returned> returned = logins().confirmed(ticket, session);
        if (returned.isEmpty()) {
            refuse(response);
            return;
        }
        UserId user = returned.get().user();
        if (!returned.get().mayExist() || !user.equals(begun.requester())) {
            // The session permits nothing any more.
            authentication.complete(
                    session, SsoStage.TYPE, "another: " + returned.get().subject());
            Html.write(
                    response,
                    200,
                    "That is another user",
                    "<p>You have logged in as a user other than the one who asked. Begin anew in your client.</p>");
        } else if (asks) {
            Html.write(
                    response,
                    200,
                    "Confirm who you are",
                    "<p>A client of <b>" + Html.escape(user.value())
                            + "</b> asks you to confirm who you are. Only go on if you have just done something "
                            + "that needs it.</p><form method=\"post\" action=\"" + SsoLogins.TICKET_PATH + "\">"
                            + Html.hidden("session", session) + Html.hidden("user", user.value())
                            + Html.hidden("confirmation", confirmations.issue(purpose(session, user.value()), CONFIRMS))
                            + "<button>Confirm</button></form>");
        } else {
            complete(session, user.value(), response);
        }
    }

    /** The person has confirmed. */
    @PostMapping({"/_matrix/client/r0/login/cas/ticket", "/_matrix/client/v3/login/cas/ticket"})
    void confirmed(HttpServletRequest request, HttpServletResponse response) throws IOException {
        FormFields form = FormFields.of(request, MAX_FORM);
        String session = form.get("session");
        String user = form.get("user");
        String confirmation = form.get("confirmation");
        if (session == null
                || user == null
                || confirmation == null
                || !confirmations.accepts(purpose(session, user), confirmation)) {
            refuse(response);
            return;
        }
        complete(session, user, response);
    }

    private void complete(String session, String user, HttpServletResponse response) throws IOException {
        authentication.complete(session, SsoStage.TYPE, user);
        Html.writeDone(response, nonce());
    }

    private static String purpose(String session, String user) {
        return "confirmation of " + session + " by " + user;
    }

    /** A link instead of a redirect: the person decides whether the client at that address gets their account. */
    private void logIn(String ticket, String redirectUrl, HttpServletResponse response) throws IOException {
        Optional<SsoLogins.Returned> returned = logins().loggedIn(ticket, redirectUrl);
        if (returned.isEmpty() || !isThere(returned.get())) {
            refuse(response);
            return;
        }
        String address = withToken(redirectUrl, tokens.issue(returned.get().user()));
        String host = URI.create(redirectUrl).getHost();
        Html.write(
                response,
                200,
                "Go on to your client?",
                "<p>A client at <b>" + Html.escape(host == null ? redirectUrl : host)
                        + "</b> wants to use your account <b>"
                        + Html.escape(returned.get().user().value())
                        + "</b>. Only go on if you know it.</p><p><a href=\"" + Html.escape(address)
                        + "\">Go on</a></p>");
    }

    /** The token becomes a part of the query, which comes before a fragment. */
    static String withToken(String redirectUrl, String token) {
        int fragment = redirectUrl.indexOf('#');
        String before = fragment < 0 ? redirectUrl : redirectUrl.substring(0, fragment);
        return before + (before.contains("?") ? "&" : "?") + "loginToken="
                + URLEncoder.encode(token, StandardCharsets.UTF_8)
                + (fragment < 0 ? "" : redirectUrl.substring(fragment));
    }

    /** Whether there is an account, and it is theirs. */
    private boolean isThere(SsoLogins.Returned returned) {
        UserId user = returned.user();
        Optional<UserState.Account> known = accounts.apply(user);
        if (known.isPresent()) {
            boolean isTheirs = returned.mayExist() && !known.get().deactivated();
            if (isTheirs) {
                logins().remember(returned);
            }
            return isTheirs;
        }
        return registers && UserId.isValidLocalpart(user.localpart()) && register(returned);
    }

    /** Remembered first: if this process ends in between, the person gets the account the next time. */
    private boolean register(SsoLogins.Returned returned) {
        UserId user = returned.user();
        logins().remember(returned);
        try {
            commands.execute(new AccountCommand.Register(user, null, null, false, false, user.localpart()));
            return true;
        } catch (MatrixException registeredMeanwhile) {
            // Another request of theirs made an account without a password; one that has one is somebody else's.
            boolean isTheirs = accounts.apply(user)
                    .filter(account -> !account.deactivated() && !account.guest() && account.passwordHash() == null)
                    .isPresent();
            if (!isTheirs) {
                logins().forget(returned);
            }
            return isTheirs;
        }
    }

    private static void refuse(HttpServletResponse response) throws IOException {
        Html.write(response, 401, "You are not logged in", "<p>Go back to your client, and try again.</p>");
    }

    private static String checked(String redirectUrl) {
        try {
            URI address = URI.create(redirectUrl);
            String scheme = address.getScheme();
            if (redirectUrl.length() <= MAX_REDIRECT
                    && scheme != null
                    && !scheme.equalsIgnoreCase("javascript")
                    && !scheme.equalsIgnoreCase("data")
                    && !scheme.equalsIgnoreCase("vbscript")) {
                return redirectUrl;
            }
        } catch (IllegalArgumentException e) {
            // Refused below.
        }
        throw new MatrixException(MatrixError.invalidParam("'redirectUrl' is no address of a client."));
    }

    private SsoLogins logins() {
        if (logins == null) {
            throw new MatrixException(404, "M_UNRECOGNIZED", "There is no single sign-on here.");
        }
        return logins;
    }

    private String nonce() {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        return UnpaddedBase64.encodeUrlSafe(nonce);
    }
}
