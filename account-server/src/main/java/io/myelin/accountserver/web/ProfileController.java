package io.myelin.accountserver.web;

import io.myelin.accountserver.account.ProfileRules;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.contracts.account.AccountQueries;
import io.myelin.contracts.account.Profile;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.AttemptLimit;
import io.myelin.web.Body;
import io.myelin.web.JsonResponse;
import io.myelin.web.JsonWriter;
import io.myelin.web.MatrixException;
import io.myelin.web.NoSuspended;
import io.myelin.web.RequestFields;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Profiles of local users; profiles of remote users come with federation. Client-server API, "Profiles". */
@RestController
@RequestMapping({
    "/_matrix/client/v3/profile/{userId}",
    "/_matrix/client/r0/profile/{userId}",
    "/_matrix/client/unstable/uk.tcpip.msc4133/profile/{userId}"
})
public class ProfileController {
    private static final int MAX_FIELD_BYTES = 255;
    static final int MAX_DISPLAY_NAME = 256;
    static final int MAX_AVATAR_URL = 1000;
    /** Appendices, "Common Namespaced Identifier Grammar". */
    private static final Pattern FIELD = Pattern.compile("[a-z][a-z0-9_.-]*");

    /** A user who has not set these has a profile all the same, and Synapse answers so. */
    private static final Set<String> NEVER_MISSING = Set.of(ProfileRules.DISPLAY_NAME, ProfileRules.AVATAR_URL);

    private final Commands commands;
    private final AccountQueries accounts;
    private final AttemptLimit changes;

    /** @param changes the limit of profile changes by each user */
    public ProfileController(Commands commands, AccountQueries accounts, AttemptLimit changes) {
        this.commands = commands;
        this.accounts = accounts;
        this.changes = changes;
    }

    @GetMapping
    byte[] profile(@PathVariable UserId userId) {
        JsonWriter json = new JsonWriter().beginObject();
        ProfileRules.fields(find(userId)).forEach(json::field);
        return json.endObject().toBytes();
    }

    @GetMapping("/{field}")
    byte[] field(@PathVariable UserId userId, @PathVariable String field) {
        byte[] value = ProfileRules.field(find(userId), field);
        if (value == null && NEVER_MISSING.contains(field)) {
            return new JsonWriter().beginObject().endObject().toBytes();
        }
        if (value == null) {
            throw new MatrixException(MatrixError.notFound("The profile has no such field."));
        }
        return new JsonWriter().beginObject().field(field, value).endObject().toBytes();
    }

    @NoSuspended
    @PutMapping("/{field}")
    JsonResponse set(
            Session session,
            @PathVariable UserId userId,
            @PathVariable String field,
            @Body(decimals = true) JsonObject body) {
        return change(session, userId, field, value(RequestFields.of(body), field));
    }

    @NoSuspended
    @DeleteMapping("/{field}")
    JsonResponse delete(Session session, @PathVariable UserId userId, @PathVariable String field) {
        return change(session, userId, field, null);
    }

    private JsonResponse change(Session session, UserId user, String field, byte @Nullable [] value) {
        Commands.requireSelf(session, user);
        checkName(field);
        checkGuest(session, field);
        changes.attempt(user.value());
        commands.execute(new AccountCommand.SetProfileField(user, field, value));
        return JsonResponse.DONE;
    }

    private Profile find(UserId user) {
        return accounts.profile(user)
                .filter(profile -> !profile.deactivated())
                .orElseThrow(() -> new MatrixException(MatrixError.notFound("There is no profile of this user.")));
    }

    /** The two fields that member events show are strings, and an empty string means that the field is not set. */
    private static byte @Nullable [] value(RequestFields body, String field) {
        Json value = body.json().get(field);
        if (value == null) {
            throw body.missing(field);
        }
        int most = switch (field) {
            case ProfileRules.DISPLAY_NAME -> MAX_DISPLAY_NAME;
            case ProfileRules.AVATAR_URL -> MAX_AVATAR_URL;
            default -> 0;
        };
        if (most == 0) {
            return CanonicalJson.encode(value);
        }
        String text = body.string(field, "");
        if (text.length() > most) {
            throw body.refused(field, "must have at most " + most + " characters");
        }
        return text.isEmpty() ? null : CanonicalJson.encode(Json.of(text));
    }

    /** Client-server API, "Guest Access": guests may set only the display name. */
    private static void checkGuest(Session session, String field) {
        if (session.guest() && !field.equals(ProfileRules.DISPLAY_NAME)) {
            throw new MatrixException(
                    403, "M_GUEST_ACCESS_FORBIDDEN", "Guests may set nothing of their profile but the display name.");
        }
    }

    private static void checkName(String field) {
        if (field.getBytes(StandardCharsets.UTF_8).length > MAX_FIELD_BYTES) {
            throw new MatrixException(
                    400, "M_KEY_TOO_LARGE", "A field's name has at most " + MAX_FIELD_BYTES + " bytes.");
        }
        if (!FIELD.matcher(field).matches()) {
            throw new MatrixException(MatrixError.invalidParam(
                    "A field's name begins with a-z and goes on with a-z, 0-9, '.', '_' and '-'."));
        }
    }
}
