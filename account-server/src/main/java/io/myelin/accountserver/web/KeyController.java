package io.myelin.accountserver.web;

import io.myelin.accountserver.keys.KeyClaims;
import io.myelin.accountserver.keys.KeyQuery;
import io.myelin.accountserver.keys.KeyUpload;
import io.myelin.contracts.account.KeyAnswer;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonObjectBuilder;
import io.myelin.web.AttemptLimit;
import io.myelin.web.RequestFields;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Keys of devices. Client-server API, "Key management API". */
@RestController
@RequestMapping({"/_matrix/client/v3/keys", "/_matrix/client/r0/keys", "/_matrix/client/unstable/keys"})
public class KeyController {
    private static final long USUAL_TIMEOUT = 10_000;
    private static final long LONGEST_TIMEOUT = 60_000;
    private static final String USUAL_ALGORITHM = "signed_curve25519";

    private final Commands commands;
    private final KeyQuery query;
    private final KeyClaims claims;
    private final AttemptLimit attempts;

    /** @param attempts the limit of requests about keys by each user */
    public KeyController(Commands commands, KeyQuery query, KeyClaims claims, AttemptLimit attempts) {
        this.commands = commands;
        this.query = query;
        this.claims = claims;
        this.attempts = attempts;
    }

    @PostMapping("/upload")
    JsonObject upload(Session session, JsonObject body) {
        attempts.attempt(session.user().value());
        var answer = (KeyAnswer.KeysStored) commands.execute(KeyUpload.of(session, body));
        return JsonObject.of("one_time_key_counts", counts(answer.oneTimeKeys()));
    }

    /** The device in the path is ignored, as by Synapse: a session uploads only keys of its own device. */
    @PostMapping("/upload/{deviceId}")
    JsonObject uploadOf(Session session, @PathVariable String deviceId, JsonObject body) {
        return upload(session, body);
    }

    /** Clients look at the usual algorithm even if no key of it is left. */
    private static JsonObject counts(Map<String, Integer> counts) {
        JsonObjectBuilder all = JsonObject.builder();
        if (!counts.containsKey(USUAL_ALGORITHM)) {
            all.put(USUAL_ALGORITHM, 0);
        }
        counts.forEach(all::put);
        return all.build();
    }

    @PostMapping("/query")
    byte[] query(Session session, JsonObject body) {
        RequestFields request = RequestFields.of(body);
        JsonObject wanted = request.object("device_keys");
        if (wanted == null) {
            throw request.missing("device_keys");
        }
        attempts.attempt(session.user().value());
        return query.answer(session.user(), wanted, timeout(request));
    }

    @PostMapping("/claim")
    JsonObject claim(Session session, JsonObject body) {
        RequestFields request = RequestFields.of(body);
        JsonObject wanted = request.object("one_time_keys");
        if (wanted == null) {
            throw request.missing("one_time_keys");
        }
        attempts.attempt(session.user().value());
        return claims.claim(
                wanted,
                timeout(request),
                command -> commands.execute(command) instanceof KeyAnswer.KeysClaimed claimed
                        ? claimed.keys()
                        : List.of());
    }

    private static Duration timeout(RequestFields request) {
        return Duration.ofMillis(Math.clamp(request.integer("timeout", USUAL_TIMEOUT), 0, LONGEST_TIMEOUT));
    }
}
