package io.myelin.accountserver.web;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.MatrixException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Filters that clients store and refer to later by ID. Client-server API, "Filtering". */
@RestController
@RequestMapping({"/_matrix/client/v3/user/{userId}/filter", "/_matrix/client/r0/user/{userId}/filter"})
public class FilterController {
    private final Commands commands;
    private final AccountQueries accounts;

    public FilterController(Commands commands, AccountQueries accounts) {
        this.commands = commands;
        this.accounts = accounts;
    }

    @PostMapping
    JsonObject create(Session session, @PathVariable UserId userId, JsonObject body) {
        Commands.requireSelf(session, userId);
        FilterCheck.check(body);
        var answer = commands.execute(new AccountCommand.CreateFilter(userId, CanonicalJson.encode(body)));
        if (answer instanceof AccountAnswer.FilterStored stored) {
            return JsonObject.of("filter_id", stored.filterId());
        }
        throw new IllegalStateException("A filter was answered with " + answer);
    }

    @GetMapping("/{filterId}")
    byte[] filter(Session session, @PathVariable UserId userId, @PathVariable String filterId) {
        Commands.requireSelf(session, userId);
        return accounts.filter(userId, filterId)
                .orElseThrow(() -> new MatrixException(MatrixError.notFound("There is no such filter.")));
    }
}
