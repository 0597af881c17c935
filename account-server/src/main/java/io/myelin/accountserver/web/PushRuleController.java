package io.myelin.accountserver.web;

import io.myelin.contracts.account.DefaultPushRules;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The default push rules, which clients need to start. Client-server API, "Push Rules". */
@RestController
@RequestMapping({"/_matrix/client/v3/pushrules", "/_matrix/client/r0/pushrules"})
public class PushRuleController {
    private final DefaultPushRules rules;

    public PushRuleController(DefaultPushRules rules) {
        this.rules = rules;
    }

    @GetMapping({"", "/"})
    JsonObject all(Session session) {
        return rules.of(session.user());
    }

    @GetMapping({"/global", "/global/"})
    Json global(Session session) {
        return rules.of(session.user()).object("global").orElseThrow();
    }
}
