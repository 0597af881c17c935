package io.myelin.accountserver.web;

import io.myelin.accountserver.authentication.DummyStage;
import io.myelin.accountserver.authentication.InteractiveAuthentication;
import io.myelin.accountserver.authentication.RegistrationTokenStage;
import io.myelin.accountserver.authentication.Stage;
import io.myelin.accountserver.registration.NewSession;
import io.myelin.accountserver.registration.Registrations;
import io.myelin.accountserver.settings.AccountServerSettings.Registration;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.settings.ServerSettings;
import io.myelin.web.AttemptLimit;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import io.myelin.web.address.ClientAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Registers users: anybody where registration is open, otherwise clients with a registration token. Client-server API,
 * "Account registration".
 */
@RestController
public class RegistrationController {
    private static final String OPERATION = "register";

    private final Commands commands;
    private final Registrations registrations;
    private final InteractiveAuthentication authentication;
    private final AttemptLimit wrongTokens;
    private final AttemptLimit newUsers;
    private final SessionResponse response;
    private final Supplier<Registration> registration;
    /** Only in tests, since a guest needs no authentication at all. */
    private final boolean guestsAllowed;

    private final RandomGenerator random;

    /**
     * @param wrongTokens how many wrong tokens an address may try
     * @param newUsers how many users an address may register
     * @param registration who may register; asked for each request
     */
    public RegistrationController(
            Commands commands,
            Registrations registrations,
            InteractiveAuthentication authentication,
            AttemptLimit wrongTokens,
            AttemptLimit newUsers,
            ServerSettings properties,
            Supplier<Registration> registration,
            RandomGenerator random) {
        this.commands = commands;
        this.registrations = registrations;
        this.authentication = authentication;
        this.wrongTokens = wrongTokens;
        this.newUsers = newUsers;
        this.response = new SessionResponse(properties);
        this.registration = registration;
        this.guestsAllowed = properties.testMode();
        this.random = random;
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
        List<Stage> stages = stages(client);
        String username = request.string("username");
        UserId user = username == null ? registrations.generate("") : registrations.free(username);
        boolean loggedIn = !request.bool("inhibit_login", false);
        NewSession session = loggedIn ? NewSession.of(user, request, random) : null;
        String given = request.string("password");
        authentication.require(OPERATION, request, stages);
        if (given == null) {
            throw request.missing("password");
        }
        countNewUser(client);
        commands.execute(new AccountCommand.Register(
                user,
                registrations.hash(client, given),
                session == null ? null : session.toKeep(),
                false,
                false,
                user.localpart()));
        return response.of(user, session);
    }

    private JsonObject registerGuest(RequestFields request, ClientAddress client) {
        if (!guestsAllowed) {
            throw new MatrixException(403, "M_FORBIDDEN", "Guests cannot register here.");
        }
        countNewUser(client);
        UserId user = registrations.generate("guest-");
        NewSession session = NewSession.ofGuest(user, request, random);
        commands.execute(new AccountCommand.Register(user, null, session.toKeep(), false, true, null));
        return response.of(user, session);
    }

    private void countNewUser(ClientAddress client) {
        if (!client.onThisMachine()) {
            newUsers.attempt(client.network());
        }
    }

    @GetMapping({"/_matrix/client/v3/register/available", "/_matrix/client/r0/register/available"})
    JsonObject available(@RequestParam String username, ClientAddress client) {
        stages(client);
        registrations.free(username);
        return JsonObject.of("available", Json.of(true));
    }

    @GetMapping("/_matrix/client/v1/register/m.login.registration_token/validity")
    JsonObject validity(@RequestParam("token") String given, ClientAddress client) {
        stages(client);
        return JsonObject.of("valid", Json.of(token(client).isValid(given)));
    }

    /** The stages of registration; completing one of them is enough. */
    private List<Stage> stages(ClientAddress client) {
        Registration now = registration.get();
        List<Stage> stages = new ArrayList<>();
        if (now.enabled()) {
            stages.add(new DummyStage());
        }
        if (!now.eachToken().isEmpty()) {
            stages.add(token(client));
        }
        if (stages.isEmpty()) {
            throw new MatrixException(403, "M_FORBIDDEN", "Registration is closed.");
        }
        return stages;
    }

    private RegistrationTokenStage token(ClientAddress client) {
        return new RegistrationTokenStage(registration.get().eachToken(), wrongTokens, client);
    }
}
