package io.myelin.accountserver.web;

import io.myelin.accountserver.account.UserState;
import io.myelin.accountserver.authentication.Credentials;
import io.myelin.accountserver.authentication.Identifiers;
import io.myelin.accountserver.authentication.LoginLimits;
import io.myelin.accountserver.authentication.LoginTokens;
import io.myelin.accountserver.authentication.PasswordStage;
import io.myelin.accountserver.authentication.SsoStage;
import io.myelin.accountserver.registration.NewSession;
import io.myelin.accountserver.registration.NewSessions;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.settings.ServerSettings;
import io.myelin.web.JsonResponse;
import io.myelin.web.LockedToo;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import io.myelin.web.address.ClientAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Begins and ends sessions. Client-server API, "Login" and "Logout". */
@RestController
@RequestMapping({"/_matrix/client/v3", "/_matrix/client/r0"})
public class LoginController {
    static final String LOCKED = "M_USER_LOCKED";
    private static final String BY_TOKEN = "m.login.token";
    private static final String BY_APPLICATION_SERVICE = "m.login.application_service";

    private final Commands commands;
    private final Credentials credentials;
    private final Identifiers identifiers;
    private final LoginTokens tokens;
    private final NewSessions newSessions;
    private final LoginLimits limits;
    private final SessionResponse response;
    private final JsonObject flows;

    /** @param ssoName the name of the single sign-on service; null if there is none */
    public LoginController(
            Commands commands,
            Credentials credentials,
            Identifiers identifiers,
            LoginTokens tokens,
            NewSessions newSessions,
            LoginLimits limits,
            ServerSettings properties,
            @Nullable String ssoName) {
        this.commands = commands;
        this.credentials = credentials;
        this.identifiers = identifiers;
        this.tokens = tokens;
        this.newSessions = newSessions;
        this.limits = limits;
        this.response = new SessionResponse(properties);
        this.flows = flows(ssoName);
    }

    private static JsonObject flows(@Nullable String ssoName) {
        List<Json> flows = new ArrayList<>();
        flows.add(JsonObject.of("type", PasswordStage.TYPE));
        if (ssoName != null) {
            flows.add(JsonObject.of("type", "m.login.cas"));
            flows.add(JsonObject.builder()
                    .put("type", SsoStage.TYPE)
                    .put(
                            "identity_providers",
                            JsonArray.of(JsonObject.builder()
                                    .put("id", "cas")
                                    .put("name", ssoName)
                                    .build()))
                    .build());
        }
        flows.add(JsonObject.builder()
                .put("type", BY_TOKEN)
                .put("get_login_token", true)
                .build());
        return JsonObject.of("flows", new JsonArray(flows));
    }

    @GetMapping("/login")
    JsonObject flows() {
        return flows;
    }

    @PostMapping("/login")
    JsonObject login(ClientAddress client, JsonObject body) {
        limits.attempt(client);
        RequestFields request = RequestFields.of(body);
        return switch (request.requiredString("type")) {
            case PasswordStage.TYPE -> byPassword(client, request);
            case BY_TOKEN -> byToken(client, request);
            case BY_APPLICATION_SERVICE ->
                throw new MatrixException(
                        403, "M_FORBIDDEN", "No application service of this server has sent this request.");
            default -> throw new MatrixException(400, "M_UNKNOWN", "The type of login is not known.");
        };
    }

    private JsonObject byPassword(ClientAddress client, RequestFields request) {
        Optional<UserId> named = identifiers.user(request);
        String password = request.requiredString("password");
        // Nobody learns from the time that it takes whether an address is anybody's here.
        UserState.Account account = (named.isPresent()
                        ? credentials.account(named.get(), password, client)
                        : credentials.ofNobody(password, client))
                .orElseThrow(() -> new MatrixException(403, "M_FORBIDDEN", "The user name or the password is wrong."));
        requireUnlocked(account.locked());
        limits.proven(account.user());
        NewSession session = newSessions.of(account.user(), request);
        commands.execute(new AccountCommand.Login(account.user(), account.passwordHash(), session.toKeep()));
        return response.of(account.user(), session);
    }

    /** A token is spent by the first login that presents it. */
    private JsonObject byToken(ClientAddress client, RequestFields request) {
        String token = request.requiredString("token");
        LoginTokens.Holder holder = tokens.holder(token, client)
                .orElseThrow(() -> new MatrixException(403, "M_FORBIDDEN", "The token is not valid, or it is over."));
        requireUnlocked(holder.locked());
        limits.proven(holder.user());
        NewSession session = newSessions.of(holder.user(), request);
        tokens.spend(token, holder.user(), commands::execute);
        commands.execute(new AccountCommand.BeginSession(holder.user(), session.toKeep()));
        return response.of(holder.user(), session);
    }

    static void requireUnlocked(boolean locked) {
        if (locked) {
            throw new MatrixException(
                    401,
                    JsonObject.builder()
                            .put("errcode", LOCKED)
                            .put("error", "This account is locked.")
                            .put("soft_logout", true)
                            .build());
        }
    }

    @LockedToo
    @PostMapping("/logout")
    JsonResponse logout(Session session) {
        if (session.device() != null) {
            commands.execute(new AccountCommand.Logout(session.user(), List.of(session.device()), null));
        }
        return JsonResponse.DONE;
    }

    @LockedToo
    @PostMapping("/logout/all")
    JsonResponse logoutAll(Session session) {
        commands.execute(new AccountCommand.Logout(session.user(), List.of(), null));
        return JsonResponse.DONE;
    }
}
