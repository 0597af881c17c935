package io.myelin.accountserver.web;

import io.myelin.accountserver.authentication.InteractiveAuthentication;
import io.myelin.accountserver.authentication.Operation;
import io.myelin.accountserver.authentication.UserStages;
import io.myelin.accountserver.threepid.PublishedIds;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonObjectBuilder;
import io.myelin.web.Body;
import io.myelin.web.NoGuests;
import io.myelin.web.RequestFields;
import io.myelin.web.address.ClientAddress;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** A user's own account, and its end. Client-server API, "Account management". */
@RestController
@RequestMapping({"/_matrix/client/v3/account", "/_matrix/client/r0/account"})
public class AccountController {
    private final Commands commands;
    private final InteractiveAuthentication authentication;
    private final UserStages stages;
    private final PublishedIds addresses;

    public AccountController(
            Commands commands, InteractiveAuthentication authentication, UserStages stages, PublishedIds addresses) {
        this.commands = commands;
        this.authentication = authentication;
        this.stages = stages;
        this.addresses = addresses;
    }

    @GetMapping("/whoami")
    JsonObject whoami(Session session) {
        JsonObjectBuilder answer =
                JsonObject.builder().put("user_id", session.user().value()).putIfPresent("device_id", session.device());
        return (session.guest() ? answer.put("is_guest", true) : answer).build();
    }

    /** Addresses are withdrawn before the account is closed: afterwards its user could not try again. */
    @NoGuests
    @PostMapping("/deactivate")
    JsonObject deactivate(Session session, ClientAddress client, @Body(optional = true) JsonObject body) {
        RequestFields request = RequestFields.of(body);
        boolean erase = request.bool("erase", false);
        String idServer = request.string("id_server");
        authentication.requireFor(
                Operation.of("deactivate", session.user(), stages.of(session.user())), request, client);
        boolean withdrawn = addresses.withdrawAll(session.user(), idServer);
        commands.execute(new AccountCommand.Deactivate(session.user(), erase));
        return JsonObject.of("id_server_unbind_result", withdrawn ? "success" : "no-support");
    }
}
