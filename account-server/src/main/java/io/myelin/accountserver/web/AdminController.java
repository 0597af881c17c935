package io.myelin.accountserver.web;

import io.myelin.accountserver.account.UserState;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountQueries.SeenDevice;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonObjectBuilder;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/** What administrators see of users, and how they restrict them. Client-server API, "Server administration". */
@RestController
public class AdminController {
    private static final String LOCK = "/_matrix/client/v1/admin/lock/{userId}";
    private static final String UNSTABLE_LOCK = "/_matrix/client/unstable/uk.timedout.msc4323/admin/lock/{userId}";
    private static final String SUSPEND = "/_matrix/client/v1/admin/suspend/{userId}";
    private static final String UNSTABLE_SUSPEND =
            "/_matrix/client/unstable/uk.timedout.msc4323/admin/suspend/{userId}";

    private final ServerName server;
    private final Commands commands;
    private final Function<UserId, Optional<UserState.Account>> accounts;
    private final Function<UserId, List<SeenDevice>> seen;

    /** @param seen the devices of a user, and from where they were last seen */
    public AdminController(
            ServerName server,
            Commands commands,
            Function<UserId, Optional<UserState.Account>> accounts,
            Function<UserId, List<SeenDevice>> seen) {
        this.server = server;
        this.commands = commands;
        this.accounts = accounts;
        this.seen = seen;
    }

    @GetMapping({
        "/_matrix/client/v3/admin/whois/{userId}",
        "/_matrix/client/r0/admin/whois/{userId}",
        "/_synapse/admin/v1/whois/{userId}"
    })
    JsonObject whois(Session session, @PathVariable UserId userId) {
        if (!session.user().equals(userId)) {
            Commands.requireAdministrator(session);
        }
        UserState.Account account = accounts.apply(local(userId))
                .orElseThrow(() -> new MatrixException(MatrixError.notFound("There is no such user.")));
        Map<String, SeenDevice> known =
                seen.apply(userId).stream().collect(Collectors.toMap(SeenDevice::device, Function.identity()));
        JsonObjectBuilder devices = JsonObject.builder();
        account.devices().keySet().stream()
                .sorted()
                .forEach(device -> devices.put(
                        device,
                        JsonObject.of(
                                "sessions",
                                JsonArray.of(JsonObject.of("connections", connections(known.get(device)))))));
        return JsonObject.builder()
                .put("user_id", userId.value())
                .put("devices", devices.build())
                .build();
    }

    private static JsonArray connections(@Nullable SeenDevice device) {
        return device == null
                ? JsonArray.EMPTY
                : JsonArray.of(JsonObject.builder()
                        .put("ip", device.ip())
                        .put("last_seen", device.seenAt())
                        .put("user_agent", device.userAgent())
                        .build());
    }

    @GetMapping({LOCK, UNSTABLE_LOCK})
    JsonObject isLocked(Session session, @PathVariable UserId userId) {
        return JsonObject.of("locked", Json.of(target(session, userId).locked()));
    }

    @PutMapping({LOCK, UNSTABLE_LOCK})
    JsonObject lock(Session session, @PathVariable UserId userId, JsonObject body) {
        boolean locked = required(body, "locked");
        restrict(session, userId, locked, null);
        return JsonObject.of("locked", Json.of(locked));
    }

    @GetMapping({SUSPEND, UNSTABLE_SUSPEND})
    JsonObject isSuspended(Session session, @PathVariable UserId userId) {
        return JsonObject.of("suspended", Json.of(target(session, userId).suspended()));
    }

    @PutMapping({SUSPEND, UNSTABLE_SUSPEND})
    JsonObject suspend(Session session, @PathVariable UserId userId, JsonObject body) {
        boolean suspended = required(body, "suspended");
        restrict(session, userId, null, suspended);
        return JsonObject.of("suspended", Json.of(suspended));
    }

    private void restrict(Session session, UserId user, @Nullable Boolean locked, @Nullable Boolean suspended) {
        Commands.requireAdministrator(session);
        if (session.user().equals(user)) {
            throw new MatrixException(MatrixError.forbidden("Nobody can restrict their own account."));
        }
        target(session, user);
        commands.execute(new AccountCommand.Restrict(user, locked, suspended));
    }

    /** A user whom administrators may restrict: a local one who is none of them, and whose account is open. */
    private UserState.Account target(Session session, UserId user) {
        Commands.requireAdministrator(session);
        UserState.Account account = accounts.apply(local(user))
                .filter(known -> !known.deactivated())
                .orElseThrow(() -> new MatrixException(MatrixError.notFound("There is no such user.")));
        AdministeredUsers.requireNoOtherAdministrator(session, account);
        return account;
    }

    private UserId local(UserId user) {
        if (!user.isOn(server)) {
            throw new MatrixException(MatrixError.invalidParam("The user does not belong to this server."));
        }
        return user;
    }

    private static boolean required(JsonObject body, String name) {
        RequestFields request = RequestFields.of(body);
        if (!request.has(name)) {
            throw request.missing(name);
        }
        return request.bool(name, false);
    }
}
