package io.myelin.accountserver.web;

import io.myelin.accountserver.settings.Turn;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.json.JsonArray;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.MatrixException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Tells clients which TURN servers relay their calls. From the secret that they share with this server follow a user, who
 * has the end of their time in the name, and the password. Client-server API, "Voice over IP"; draft-uberti-behave-turn-rest.
 */
@RestController
public class TurnController {
    private final Supplier<Turn> settings;
    private final InstantSource clock;

    /** @param settings asked for each request */
    public TurnController(Supplier<Turn> settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** An empty object where no server is configured. */
    @GetMapping({"/_matrix/client/v3/voip/turnServer", "/_matrix/client/r0/voip/turnServer"})
    JsonObject turnServer(Session session) {
        Turn turn = settings.get();
        String uris = turn.uris();
        if (uris == null) {
            return JsonObject.EMPTY;
        }
        if (session.guest() && !turn.guests()) {
            throw new MatrixException(403, "M_GUEST_ACCESS_FORBIDDEN", "Guests get no TURN server here.");
        }
        String secret = turn.sharedSecret();
        String user = turn.user();
        String password = turn.password();
        if (secret != null) {
            user = clock.instant().plus(turn.lifetime()).getEpochSecond() + ":" + session.user();
            password = password(secret, user);
        }
        if (user == null || password == null) {
            return JsonObject.EMPTY;
        }
        return JsonObject.builder()
                .put("username", user)
                .put("password", password)
                .put("uris", JsonArray.ofStrings(List.of(uris.strip().split("\\s*,\\s*", -1))))
                .put("ttl", turn.lifetime().toSeconds())
                .build();
    }

    private static String password(String secret, String user) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return Base64.getEncoder().encodeToString(mac.doFinal(user.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA1", e);
        }
    }
}
