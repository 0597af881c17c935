package io.myelin.accountserver.web;

import io.myelin.accountserver.registration.Registrations;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.InternalController;
import io.myelin.web.RequestFields;
import io.myelin.web.address.ClientAddress;
import org.springframework.web.bind.annotation.PostMapping;

/** Creates users for {@code ./myelin user add}. */
@InternalController
public class InternalUserController {
    private final Commands commands;
    private final Registrations registrations;

    public InternalUserController(Commands commands, Registrations registrations) {
        this.commands = commands;
        this.registrations = registrations;
    }

    @PostMapping("/_myelin/internal/users")
    JsonObject add(JsonObject body) {
        RequestFields request = RequestFields.of(body);
        UserId user = registrations.free(request.requiredString("localpart"));
        commands.execute(new AccountCommand.Register(
                user,
                registrations.hash(ClientAddress.OURS, request.requiredString("password")),
                null,
                request.bool("admin", false),
                false,
                user.localpart()));
        return JsonObject.of("user_id", user.value());
    }
}
