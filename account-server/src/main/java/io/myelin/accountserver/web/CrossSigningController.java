package io.myelin.accountserver.web;

import io.myelin.accountserver.account.UserKeys;
import io.myelin.accountserver.authentication.InteractiveAuthentication;
import io.myelin.accountserver.authentication.Operation;
import io.myelin.accountserver.authentication.UserStages;
import io.myelin.accountserver.keys.CrossSigningUpload;
import io.myelin.accountserver.keys.SignatureUpload;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.KeyAnswer;
import io.myelin.contracts.account.KeyAnswer.SignatureFailure;
import io.myelin.contracts.account.KeyCommand;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.AttemptLimit;
import io.myelin.web.JsonResponse;
import io.myelin.web.NoGuests;
import io.myelin.web.RequestFields;
import io.myelin.web.address.ClientAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Cross-signing keys, and signatures on keys. Client-server API, "Cross-signing". */
@RestController
@RequestMapping({"/_matrix/client/v3/keys", "/_matrix/client/r0/keys", "/_matrix/client/unstable/keys"})
public class CrossSigningController {
    private final Commands commands;
    private final Function<UserId, UserKeys> stored;
    private final InteractiveAuthentication authentication;
    private final UserStages stages;
    private final AttemptLimit attempts;

    /**
     * @param stored the public keys of a user; none of a user who is not of this server
     * @param attempts the limit of requests about keys by each user
     */
    public CrossSigningController(
            Commands commands,
            Function<UserId, UserKeys> stored,
            InteractiveAuthentication authentication,
            UserStages stages,
            AttemptLimit attempts) {
        this.commands = commands;
        this.stored = stored;
        this.authentication = authentication;
        this.stages = stages;
        this.attempts = attempts;
    }

    /** Only a request that replaces or adds to keys asks for a proof of who the user is (MSC3967). */
    @NoGuests
    @PostMapping("/device_signing/upload")
    JsonResponse upload(Session session, ClientAddress client, JsonObject body) {
        attempts.attempt(session.user().value());
        RequestFields request = RequestFields.of(body);
        KeyCommand.SetCrossSigningKeys set = CrossSigningUpload.of(session.user(), request, false);
        if (commands.execute(set) instanceof KeyAnswer.ProofNeeded) {
            authentication.requireFor(
                    Operation.of("replace cross-signing keys", session.user(), stages.of(session.user())),
                    request,
                    client);
            commands.execute(CrossSigningUpload.of(session.user(), request, true));
        }
        return JsonResponse.DONE;
    }

    @PostMapping("/signatures/upload")
    JsonObject sign(Session session, JsonObject body) {
        attempts.attempt(session.user().value());
        SignatureUpload upload = SignatureUpload.of(session.user(), body, stored);
        List<SignatureFailure> failures = new ArrayList<>(upload.failures());
        if (!upload.verified().isEmpty()
                && commands.execute(new KeyCommand.AddSignatures(session.user(), upload.verified()))
                        instanceof KeyAnswer.SignaturesAdded added) {
            failures.addAll(added.failures());
        }
        JsonObject all = JsonObject.EMPTY;
        for (SignatureFailure failure : failures) {
            String owner = failure.owner().value();
            JsonObject theirs = all.object(owner).orElse(JsonObject.EMPTY);
            all = all.with(owner, theirs.with(failure.target(), json(failure.error())));
        }
        return JsonObject.of("failures", all);
    }

    private static JsonObject json(MatrixError error) {
        return JsonObject.builder()
                .put("errcode", error.errcode())
                .put("error", error.error())
                .put("status", error.status())
                .build();
    }
}
