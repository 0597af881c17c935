package io.myelin.accountserver.web;

import io.myelin.accountserver.account.UserState;
import io.myelin.accountserver.authentication.Credentials;
import io.myelin.accountserver.authentication.Identifiers;
import io.myelin.accountserver.authentication.PasswordStage;
import io.myelin.accountserver.registration.NewSession;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.settings.ServerSettings;
import io.myelin.web.JsonResponse;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import io.myelin.web.address.ClientAddress;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Begins and ends sessions. Client-server API, "Login" and "Logout". */
@RestController
@RequestMapping({"/_matrix/client/v3", "/_matrix/client/r0"})
public class LoginController {
    private static final JsonObject FLOWS =
            JsonObject.of("flows", JsonArray.of(JsonObject.of("type", PasswordStage.TYPE)));

    private final Commands commands;
    private final Credentials credentials;
    private final Identifiers identifiers;
    private final SessionResponse response;
    private final RandomGenerator random;

    public LoginController(
            Commands commands,
            Credentials credentials,
            Identifiers identifiers,
            ServerSettings properties,
            RandomGenerator random) {
        this.commands = commands;
        this.credentials = credentials;
        this.identifiers = identifiers;
        this.response = new SessionResponse(properties);
        this.random = random;
    }

    @GetMapping("/login")
    JsonObject flows() {
        return FLOWS;
    }

    @PostMapping("/login")
    JsonObject login(ClientAddress client, JsonObject body) {
        RequestFields request = RequestFields.of(body);
        if (!request.requiredString("type").equals(PasswordStage.TYPE)) {
            throw new MatrixException(400, "M_UNKNOWN", "The type of login is not known.");
        }
        Optional<UserId> named = identifiers.user(request);
        String password = request.requiredString("password");
        UserState.Account account = named.flatMap(user -> credentials.account(user, password, client))
                .orElseThrow(() -> new MatrixException(403, "M_FORBIDDEN", "The user name or the password is wrong."));
        NewSession session = NewSession.of(account.user(), request, random);
        commands.execute(new AccountCommand.Login(account.user(), account.passwordHash(), session.toKeep()));
        return response.of(account.user(), session);
    }

    @PostMapping("/logout")
    JsonResponse logout(Session session) {
        if (session.device() != null) {
            commands.execute(new AccountCommand.Logout(session.user(), List.of(session.device()), null));
        }
        return JsonResponse.DONE;
    }

    @PostMapping("/logout/all")
    JsonResponse logoutAll(Session session) {
        commands.execute(new AccountCommand.Logout(session.user(), List.of(), null));
        return JsonResponse.DONE;
    }
}
