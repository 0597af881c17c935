package io.myelin.accountserver.web;

import io.myelin.accountserver.authentication.InteractiveAuthentication;
import io.myelin.accountserver.authentication.LoginTokens;
import io.myelin.accountserver.authentication.Operation;
import io.myelin.accountserver.authentication.UserStages;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.Body;
import io.myelin.web.NoGuests;
import io.myelin.web.RequestFields;
import io.myelin.web.address.ClientAddress;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Lets a user log in on another device without a password. Client-server API, "Obtaining a login token". */
@RestController
public class LoginTokenController {
    private final LoginTokens tokens;
    private final InteractiveAuthentication authentication;
    private final UserStages stages;

    public LoginTokenController(LoginTokens tokens, InteractiveAuthentication authentication, UserStages stages) {
        this.tokens = tokens;
        this.authentication = authentication;
        this.stages = stages;
    }

    @NoGuests
    @PostMapping({"/_matrix/client/v1/login/get_token", "/_matrix/client/unstable/org.matrix.msc3882/login/token"})
    JsonObject issue(Session session, ClientAddress client, @Body(optional = true) JsonObject body) {
        authentication.requireOnce(
                Operation.of("login token", session.user(), stages.of(session.user())), RequestFields.of(body), client);
        return JsonObject.builder()
                .put("login_token", tokens.issue(session))
                .put("expires_in_ms", LoginTokens.VALIDITY.toMillis())
                .build();
    }
}
