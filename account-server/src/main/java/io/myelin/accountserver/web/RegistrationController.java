package io.myelin.accountserver.web;

import io.myelin.accountserver.authentication.AuthenticationSessions;
import io.myelin.accountserver.authentication.Completed;
import io.myelin.accountserver.authentication.InteractiveAuthentication;
import io.myelin.accountserver.authentication.Operation;
import io.myelin.accountserver.authentication.RegistrationTokenStage;
import io.myelin.accountserver.registration.Agreements;
import io.myelin.accountserver.registration.NewSession;
import io.myelin.accountserver.registration.NewSessions;
import io.myelin.accountserver.registration.RegistrationFlows;
import io.myelin.accountserver.registration.Registrations;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.settings.ServerSettings;
import io.myelin.web.AttemptLimit;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import io.myelin.web.address.ClientAddress;
import io.myelin.web.session.Authenticator;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Registers users: anybody where registration is open, otherwise clients with a registration token. A session of
 * user-interactive authentication registers one user, and a request that is repeated gets the same one. Client-server API,
 * "Account registration".
 */
@RestController
public class RegistrationController {
    private static final String PASSWORD_HASH = "password_hash";

    /** What a session remembers of its requests; the password as its hash. */
    private static final List<String> REMEMBERED =
            List.of("username", "device_id", "initial_device_display_name", "inhibit_login", "refresh_token");

    private static final int MAX_REMEMBERED = 512;

    private final Commands commands;
    private final Registrations registrations;
    private final RegistrationFlows flows;
    private final InteractiveAuthentication authentication;
    private final AuthenticationSessions sessions;
    private final Agreements agreements;
    private final NewSessions newSessions;
    private final AttemptLimit newUsers;
    private final SessionResponse response;
    private final BooleanSupplier guestsAllowed;
    private final ObjectProvider<Authenticator> authenticator;

    /**
     * @param newUsers how many users an address may register
     * @param guestsAllowed whether somebody may become a guest; asked for each request
     * @param authenticator finds a guest who becomes an ordinary user
     */
    public RegistrationController(
            Commands commands,
            Registrations registrations,
            RegistrationFlows flows,
            InteractiveAuthentication authentication,
            AuthenticationSessions sessions,
            Agreements agreements,
            NewSessions newSessions,
            AttemptLimit newUsers,
            ServerSettings properties,
            BooleanSupplier guestsAllowed,
            ObjectProvider<Authenticator> authenticator) {
        this.commands = commands;
        this.registrations = registrations;
        this.flows = flows;
        this.authentication = authentication;
        this.sessions = sessions;
        this.agreements = agreements;
        this.newSessions = newSessions;
        this.newUsers = newUsers;
        this.response = new SessionResponse(properties);
        this.guestsAllowed = guestsAllowed;
        this.authenticator = authenticator;
    }

    @PostMapping({"/_matrix/client/v3/register", "/_matrix/client/r0/register"})
    JsonObject register(@RequestParam(defaultValue = "user") String kind, ClientAddress client, JsonObject body) {
        RequestFields request = RequestFields.of(body);
        return switch (kind) {
            case "user" -> registerUser(request, client);
            case "guest" -> registerGuest(request, client);
            default -> throw new MatrixException(400, "M_INVALID_PARAM", "'kind' must be 'user' or 'guest'.");
        };
    }

    private JsonObject registerUser(RequestFields request, ClientAddress client) {
        var operation =
                new Operation(Operation.REGISTER, null, flows.all(), known -> remembered(known, request, client));
        UserId guest = guest(request);
        String username = request.string("username");
        if (username != null) {
            requireFree(registrations.named(username), guest, request);
        }
        Completed completed = authentication.require(operation, request, client);
        RequestFields wanted = merged(completed.parameters(), request);
        String password = request.string("password");
        boolean isOfAddress = AuthenticationSessions.OF_ADDRESSES.stream()
                .anyMatch(type -> completed.proofs().containsKey(type));
        if (isOfAddress) {
            requireSameName(RequestFields.of(completed.parameters()).string("username"), username);
        }
        if (password == null && !completed.parameters().has(PASSWORD_HASH)) {
            throw request.missing("password");
        }
        // A generated name, and a password of which only the hash is known, cannot be those of the guest.
        String name = wanted.string("username");
        UserId user = name == null ? (guest == null ? registrations.generate("") : guest) : registrations.named(name);
        countNewUser(client);
        String hash = password == null || isOfAddress && completed.parameters().has(PASSWORD_HASH)
                ? completed.parameters().string(PASSWORD_HASH).orElseThrow()
                : registrations.hash(client, password);
        return guest == null
                ? register(completed, user, hash, wanted, password, client)
                : upgrade(completed, guest, hash, wanted);
    }

    /** Whoever learns of a session in which an address was proven registers nobody else with it. */
    private void requireSameName(@Nullable String remembered, @Nullable String username) {
        if (remembered != null
                && username != null
                && !registrations.named(remembered).equals(registrations.named(username))) {
            throw new MatrixException(MatrixError.forbidden("With this session another user name is registered."));
        }
    }

    /** The name may be that of the user whom the session has registered already, or of the guest who is upgraded. */
    private void requireFree(UserId user, @Nullable UserId guest, RequestFields request) {
        if (guest != null) {
            if (!guest.equals(user)) {
                throw new MatrixException(400, "M_INVALID_USERNAME", "A guest keeps the user name.");
            }
            return;
        }
        RequestFields auth = request.fields("auth");
        boolean isTheirs = auth != null
                && authentication
                        .find(auth.string("session"))
                        .map(AuthenticationSessions.Kept::registered)
                        .filter(user::equals)
                        .isPresent();
        if (!isTheirs) {
            registrations.requireFree(user);
        }
    }

    private JsonObject register(
            Completed completed,
            UserId user,
            String hash,
            RequestFields wanted,
            @Nullable String password,
            ClientAddress client) {
        boolean logsIn = !wanted.bool("inhibit_login", false);
        String id = completed.session();
        if (id == null) {
            NewSession session = logsIn ? newSessions.of(user, wanted) : null;
            agreements.claim(user, completed, true);
            commands.execute(command(user, hash, session));
            agreements.registered(user, completed);
            return response.of(user, session);
        }
        // The device is checked before the session is used up.
        NewSession device = logsIn ? newSessions.of(user, wanted) : null;
        var registered = use(id, user);
        UserId theirs = registered.user();
        NewSession session = device == null ? null : theirs.equals(user) ? device : newSessions.of(theirs, wanted);
        UUID once = completed.commandId(id, theirs.value());
        try {
            agreements.claim(theirs, completed, registered.isFirst());
            commands.execute(once, command(theirs, hash, registered.isFirst() ? session : null));
        } catch (MatrixException refused) {
            sessions.unregister(id, theirs);
            throw refused;
        }
        if (!registered.isFirst() && session != null) {
            requirePassword(theirs, hash, password, client);
            commands.execute(new AccountCommand.BeginSession(theirs, session.toKeep()));
        }
        agreements.registered(theirs, completed);
        return response.of(theirs, session);
    }

    private static AccountCommand.Register command(UserId user, String hash, @Nullable NewSession session) {
        return new AccountCommand.Register(
                user, hash, session == null ? null : session.toKeep(), false, false, user.localpart());
    }

    private JsonObject upgrade(Completed completed, UserId guest, String hash, RequestFields wanted) {
        NewSession session = wanted.bool("inhibit_login", false) ? null : newSessions.of(guest, wanted);
        String id = completed.session();
        boolean isFirst = true;
        if (id != null) {
            var registered = use(id, guest);
            if (!registered.user().equals(guest)) {
                throw new MatrixException(
                        MatrixError.forbidden("The session has registered another user already. Begin anew."));
            }
            isFirst = registered.isFirst();
        }
        try {
            agreements.claim(guest, completed, isFirst);
            commands.execute(new AccountCommand.UpgradeGuest(guest, hash, session == null ? null : session.toKeep()));
        } catch (MatrixException refused) {
            if (id != null && isFirst) {
                sessions.unregister(id, guest);
            }
            throw refused;
        }
        agreements.registered(guest, completed);
        return response.of(guest, session);
    }

    private AuthenticationSessions.Registered use(String session, UserId user) {
        return sessions.register(session, user)
                .orElseThrow(() -> new MatrixException(
                        401, "M_UNKNOWN", "The session is over, or its registration token was withdrawn. Begin anew."));
    }

    /** Whoever only knows the session of a registration gets no access token for its user. */
    private void requirePassword(UserId user, String hash, @Nullable String password, ClientAddress client) {
        if (!registrations.isPassword(client, user, password, hash)) {
            throw new MatrixException(
                    MatrixError.forbidden("The session has registered a user already, who has another password."));
        }
    }

    /** The guest who becomes an ordinary user, by the guest's access token. */
    private @Nullable UserId guest(RequestFields request) {
        String token = request.string("guest_access_token");
        if (token == null) {
            return null;
        }
        Session session = authenticator.getObject().authenticate(token);
        LoginController.requireUnlocked(session.locked());
        if (!session.guest()) {
            throw new MatrixException(403, "M_FORBIDDEN", "That is no guest's access token.");
        }
        return session.user();
    }

    /**
     * What a session remembers after a request. The first password stays, as with Synapse: clients repeat it with every step,
     * and to hash it is dear.
     */
    private JsonObject remembered(JsonObject known, RequestFields request, ClientAddress client) {
        JsonObject parameters = known;
        for (String name : REMEMBERED) {
            Json value = request.json().get(name);
            if (value != null && value.toString().length() <= MAX_REMEMBERED) {
                parameters = parameters.with(name, value);
            }
        }
        String password = request.string("password");
        return password == null || known.has(PASSWORD_HASH)
                ? parameters
                : parameters.with(PASSWORD_HASH, registrations.hash(client, password));
    }

    /** What the request says, and what it leaves out as the session remembers it. */
    private static RequestFields merged(JsonObject remembered, RequestFields request) {
        JsonObject merged = remembered;
        for (String name : REMEMBERED) {
            Json value = request.json().get(name);
            if (value != null) {
                merged = merged.with(name, value);
            }
        }
        return RequestFields.of(merged);
    }

    private JsonObject registerGuest(RequestFields request, ClientAddress client) {
        if (!guestsAllowed.getAsBoolean()) {
            throw new MatrixException(403, "M_FORBIDDEN", "Guests cannot register here.");
        }
        countNewUser(client);
        UserId user = registrations.generate("guest-");
        NewSession session = newSessions.ofGuest(user, request);
        commands.execute(new AccountCommand.Register(user, null, session.toKeep(), false, true, null));
        return response.of(user, session);
    }

    private void countNewUser(ClientAddress client) {
        if (!client.onThisMachine()) {
            newUsers.attempt(client.network());
        }
    }

    @GetMapping({"/_matrix/client/v3/register/available", "/_matrix/client/r0/register/available"})
    JsonObject available(@RequestParam String username) {
        flows.all();
        registrations.free(username);
        return JsonObject.of("available", Json.of(true));
    }

    @GetMapping("/_matrix/client/v1/register/m.login.registration_token/validity")
    JsonObject validity(@RequestParam("token") String given, ClientAddress client) {
        boolean isAskedFor = flows.all().stream().flatMap(List::stream).anyMatch(RegistrationTokenStage.TYPE::equals);
        boolean valid = isAskedFor
                && authentication.stage(RegistrationTokenStage.TYPE) instanceof RegistrationTokenStage stage
                && stage.isValid(given, client);
        return JsonObject.of("valid", Json.of(valid));
    }
}
