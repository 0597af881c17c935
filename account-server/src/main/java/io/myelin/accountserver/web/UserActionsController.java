package io.myelin.accountserver.web;

import io.myelin.accountserver.account.UserState;
import io.myelin.accountserver.registration.NewSessions;
import io.myelin.accountserver.registration.Registrations;
import io.myelin.accountserver.threepid.PublishedIds;
import io.myelin.accountserver.threepid.ThirdPartyId;
import io.myelin.accountserver.threepid.ThirdPartyIds;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.Body;
import io.myelin.web.JsonResponse;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import io.myelin.web.address.ClientAddress;
import java.time.InstantSource;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What administrators do to one user. Paths and shapes are those of Synapse's admin API ("User Admin API"). */
@RestController
@RequestMapping("/_synapse/admin/v1")
public class UserActionsController {
    private final AdministeredUsers users;
    private final Commands commands;
    private final Registrations registrations;
    private final NewSessions newSessions;
    private final ThirdPartyIds addresses;
    private final PublishedIds published;
    private final InstantSource clock;

    public UserActionsController(
            AdministeredUsers users,
            Commands commands,
            Registrations registrations,
            NewSessions newSessions,
            ThirdPartyIds addresses,
            PublishedIds published,
            InstantSource clock) {
        this.users = users;
        this.commands = commands;
        this.registrations = registrations;
        this.newSessions = newSessions;
        this.addresses = addresses;
        this.published = published;
        this.clock = clock;
    }

    @PostMapping("/deactivate/{userId}")
    JsonObject deactivate(Session session, @PathVariable UserId userId, @Body(optional = true) JsonObject body) {
        AdministeredUsers.requireNoOtherAdministrator(session, users.require(session, userId));
        boolean erase = RequestFields.of(body).bool("erase", false);
        boolean withdrawn = published.withdrawAll(userId, null);
        commands.execute(new AccountCommand.Deactivate(userId, erase));
        return JsonObject.of("id_server_unbind_result", withdrawn ? "success" : "no-support");
    }

    @PostMapping("/reset_password/{userId}")
    JsonResponse resetPassword(Session session, ClientAddress client, @PathVariable UserId userId, JsonObject body) {
        users.requireSubordinate(session, userId);
        RequestFields request = RequestFields.of(body);
        String hash = registrations.hash(client, request.requiredString("new_password"));
        boolean logsOut = request.bool("logout_devices", true);
        commands.execute(new AccountCommand.ChangePassword(userId, hash, logsOut ? "" : null));
        return JsonResponse.DONE;
    }

    /**
     * A session of the user for the administrator. Unlike Synapse's it is a device of its own, which its user sees and can end;
     * it does not end with the administrator's sessions.
     */
    @PostMapping("/users/{userId}/login")
    JsonObject logIn(Session session, @PathVariable UserId userId, @Body(optional = true) JsonObject body) {
        users.requireSubordinate(session, userId);
        if (session.user().equals(userId)) {
            throw new MatrixException(400, "M_UNKNOWN", "You are logged in as this user already.");
        }
        RequestFields request = RequestFields.of(body);
        Long until = request.integer("valid_until_ms");
        if (until != null && until <= clock.millis()) {
            throw request.refused("valid_until_ms", "must not be past");
        }
        var made = newSessions.ofAdministrator(userId, session.user(), until);
        commands.execute(new AccountCommand.BeginSession(userId, made.toKeep()));
        return JsonObject.of("access_token", made.token().text());
    }

    @GetMapping("/users/{userId}/admin")
    JsonObject isAdministrator(Session session, @PathVariable UserId userId) {
        return JsonObject.of("admin", Json.of(users.require(session, userId).admin()));
    }

    @PutMapping("/users/{userId}/admin")
    JsonResponse setAdministrator(Session session, @PathVariable UserId userId, JsonObject body) {
        users.requireOpen(session, userId);
        boolean admin = required(RequestFields.of(body), "admin");
        if (session.user().equals(userId) && !admin) {
            throw new MatrixException(400, "M_UNKNOWN", "You may not demote yourself.");
        }
        commands.execute(new AccountCommand.SetAdmin(userId, admin));
        return JsonResponse.DONE;
    }

    @PutMapping("/suspend/{userId}")
    JsonObject suspend(Session session, @PathVariable UserId userId, JsonObject body) {
        UserState.Account account = users.requireSubordinate(session, userId);
        boolean suspended = required(RequestFields.of(body), "suspend");
        if (account.admin()) {
            throw new MatrixException(MatrixError.forbidden("Nobody can restrict their own account."));
        }
        commands.execute(new AccountCommand.Restrict(userId, null, suspended));
        return JsonObject.of("user_" + userId + "_suspended", Json.of(suspended));
    }

    /** Nobody has a pusher yet. */
    @GetMapping("/users/{userId}/pushers")
    JsonObject pushers(Session session, @PathVariable UserId userId) {
        users.require(session, userId);
        return JsonObject.of("pushers", JsonArray.EMPTY).with("total", 0);
    }

    @GetMapping("/username_available")
    JsonObject isAvailable(Session session, @RequestParam String username) {
        Commands.requireAdministrator(session);
        registrations.free(username);
        return JsonObject.of("available", Json.of(true));
    }

    @GetMapping("/threepid/{medium}/users/{address}")
    JsonObject ownerOf(Session session, @PathVariable String medium, @PathVariable String address) {
        Commands.requireAdministrator(session);
        return JsonObject.of(
                "user_id",
                addresses
                        .owner(ThirdPartyId.of(medium, address))
                        .map(UserId::value)
                        .orElseThrow(() -> new MatrixException(404, "M_NOT_FOUND", "Nobody here has this address.")));
    }

    private static boolean required(RequestFields request, String name) {
        if (!request.has(name)) {
            throw request.missing(name);
        }
        return request.bool(name, false);
    }
}
