package io.myelin.accountserver.web;

import io.myelin.accountserver.authentication.Tickets;
import io.myelin.accountserver.registration.NewSession;
import io.myelin.accountserver.registration.NewSessions;
import io.myelin.accountserver.registration.Registrations;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.settings.ServerSettings;
import io.myelin.web.AttemptLimit;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import io.myelin.web.address.ClientAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Creates users, administrators too, for scripts that know the shared secret, even while registration is closed. Path and
 * message authentication code (HMAC-SHA1 of nonce, name, password and role) are Synapse's, for which such scripts are
 * written.
 */
@RestController
@RequestMapping("/_synapse/admin/v1/register")
public class SharedSecretController {
    private static final String PURPOSE = "shared secret registration";
    private static final Duration VALIDITY = Duration.ofMinutes(1);

    private final Commands commands;
    private final Registrations registrations;
    private final Tickets nonces;
    private final NewSessions newSessions;
    private final SessionResponse response;
    private final AttemptLimit wrongCodes;
    private final Supplier<@Nullable String> secret;
    private final RandomGenerator random;

    /**
     * @param wrongCodes how many wrong codes an address may send
     * @param secret null if this way to register is off; asked for each request
     */
    public SharedSecretController(
            Commands commands,
            Registrations registrations,
            Tickets nonces,
            NewSessions newSessions,
            AttemptLimit wrongCodes,
            ServerSettings properties,
            Supplier<@Nullable String> secret,
            RandomGenerator random) {
        this.commands = commands;
        this.registrations = registrations;
        this.nonces = nonces;
        this.newSessions = newSessions;
        this.wrongCodes = wrongCodes;
        this.response = new SessionResponse(properties);
        this.secret = secret;
        this.random = random;
    }

    @GetMapping
    JsonObject nonce() {
        requireSecret();
        return JsonObject.of("nonce", nonces.issue(PURPOSE, VALIDITY));
    }

    @PostMapping
    JsonObject register(ClientAddress client, JsonObject body) {
        String key = requireSecret();
        String guesser = "shared secret from " + client.network();
        RequestFields request = RequestFields.of(body);
        String nonce = request.requiredString("nonce");
        String username = request.requiredString("username");
        String password = request.requiredString("password");
        boolean admin = request.bool("admin", false);
        String given = request.requiredString("mac");
        if (!nonces.accepts(PURPOSE, nonce)) {
            throw new MatrixException(400, "M_UNKNOWN", "The nonce is not known any more.");
        }
        String type = request.string("user_type");
        wrongCodes.attempt(guesser);
        String expected =
                mac(key, nonce, username, password, admin ? "admin" : "notadmin", type == null ? "" : "\0" + type);
        if (!MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8))) {
            throw new MatrixException(403, "M_FORBIDDEN", "The message authentication code is wrong.");
        }
        wrongCodes.giveBack(guesser);
        spend(nonce);
        UserId user = registrations.free(username);
        NewSession session = request.bool("inhibit_login", false) ? null : newSessions.of(user, request);
        commands.execute(new AccountCommand.Register(
                user,
                registrations.hash(client, password),
                session == null ? null : session.toKeep(),
                admin,
                false,
                displayName(request, user)));
        return response.of(user, session);
    }

    private static String displayName(RequestFields request, UserId user) {
        String name = request.string("displayname", user.localpart());
        if (name.length() > ProfileController.MAX_DISPLAY_NAME) {
            throw request.refused(
                    "displayname", "must have at most " + ProfileController.MAX_DISPLAY_NAME + " characters");
        }
        return name;
    }

    /** Uses up the nonce: it allows one registration over all instances. */
    private void spend(String nonce) {
        if (!commands.spend(nonces.commandOf(nonce), random)) {
            throw new MatrixException(400, "M_UNKNOWN", "The nonce was used already.");
        }
    }

    private String requireSecret() {
        String now = secret.get();
        if (now == null) {
            throw new MatrixException(404, "M_UNRECOGNIZED", "There is no such endpoint.");
        }
        return now;
    }

    private static String mac(
            String key, String nonce, String username, String password, String role, String typeSuffix) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            String message = nonce + "\0" + username + "\0" + password + "\0" + role + typeSuffix;
            return HexFormat.of().formatHex(mac.doFinal(message.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA1", e);
        }
    }
}
