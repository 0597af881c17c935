package io.myelin.accountserver.web;

import io.myelin.accountserver.authentication.InteractiveAuthentication;
import io.myelin.accountserver.registration.Registrations;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonObjectBuilder;
import io.myelin.web.Body;
import io.myelin.web.JsonResponse;
import io.myelin.web.NoGuests;
import io.myelin.web.RequestFields;
import io.myelin.web.address.ClientAddress;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** A user's own account. Client-server API, "Account management". */
@RestController
@RequestMapping({"/_matrix/client/v3/account", "/_matrix/client/r0/account"})
public class AccountController {
    private static final JsonObject NO_THIRD_PARTY_IDENTIFIERS = JsonObject.of("threepids", JsonArray.EMPTY);

    private final Commands commands;
    private final Registrations registrations;
    private final InteractiveAuthentication authentication;
    private final PasswordStages stages;

    public AccountController(
            Commands commands,
            Registrations registrations,
            InteractiveAuthentication authentication,
            PasswordStages stages) {
        this.commands = commands;
        this.registrations = registrations;
        this.authentication = authentication;
        this.stages = stages;
    }

    @GetMapping("/whoami")
    JsonObject whoami(Session session) {
        JsonObjectBuilder answer =
                JsonObject.builder().put("user_id", session.user().value()).putIfPresent("device_id", session.device());
        return (session.guest() ? answer.put("is_guest", true) : answer).build();
    }

    @NoGuests
    @PostMapping("/password")
    JsonResponse changePassword(Session session, ClientAddress client, JsonObject body) {
        RequestFields request = RequestFields.of(body);
        boolean logoutDevices = request.bool("logout_devices", true);
        authentication.require("password of " + session.user(), request, stages.of(session.user(), client));
        String hash = registrations.hash(client, request.requiredString("new_password"));
        commands.execute(
                new AccountCommand.ChangePassword(session.user(), hash, logoutDevices ? session.device() : null));
        return JsonResponse.DONE;
    }

    @NoGuests
    @PostMapping("/deactivate")
    JsonObject deactivate(Session session, ClientAddress client, @Body(optional = true) JsonObject body) {
        RequestFields request = RequestFields.of(body);
        boolean erase = request.bool("erase", false);
        authentication.require("deactivate " + session.user(), request, stages.of(session.user(), client));
        commands.execute(new AccountCommand.Deactivate(session.user(), erase));
        return JsonObject.of("id_server_unbind_result", "success");
    }

    @GetMapping("/3pid")
    JsonObject thirdPartyIdentifiers(Session session) {
        return NO_THIRD_PARTY_IDENTIFIERS;
    }
}
