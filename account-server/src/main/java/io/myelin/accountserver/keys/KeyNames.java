package io.myelin.accountserver.keys;

import io.myelin.accountserver.account.KeyLimits;
import io.myelin.contracts.MatrixError;
import io.myelin.matrix.id.ServerName;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonObjectBuilder;
import io.myelin.matrix.json.JsonString;
import io.myelin.web.MatrixException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads names and shapes that requests about keys share. */
final class KeyNames {
    static final String ED25519 = "ed25519:";

    /** Of how many other servers one request may name users. */
    private static final int MOST_SERVERS = 1_000;

    private KeyNames() {}

    static UserId user(String text) {
        return UserId.tryParse(text)
                .orElseThrow(() -> new MatrixException(MatrixError.invalidParam("'" + text + "' is not a user ID.")));
    }

    /** A device ID, an algorithm or the ID of a key, which become text in the database. */
    static String checked(String what, String name) {
        if (name.isEmpty() || name.length() > KeyLimits.NAME_LENGTH || name.indexOf('\0') >= 0) {
            throw new MatrixException(MatrixError.badJson("The " + what + " '" + name.replace("\0", "\\0")
                    + "' must have 1 to " + KeyLimits.NAME_LENGTH + " characters, none of them U+0000."));
        }
        return name;
    }

    static MatrixException badJson(String sentence) {
        return new MatrixException(MatrixError.badJson(sentence));
    }

    static JsonObject object(String what, Json value) {
        if (value instanceof JsonObject object) {
            return object;
        }
        throw badJson("'" + what + "' must be an object.");
    }

    static String string(String what, Json value) {
        if (value instanceof JsonString(String text)) {
            return text;
        }
        throw badJson("'" + what + "' must be a string.");
    }

    /** Each user's entry, with the user ID checked. */
    static Map<UserId, Json> byUser(JsonObject object) {
        Map<UserId, Json> entries = new LinkedHashMap<>();
        object.forEach((user, value) -> entries.put(user(user), value));
        return entries;
    }

    /** The entries of users of other servers, by server. */
    static Map<ServerName, JsonObject> remote(Map<UserId, Json> entries, ServerName here) {
        Map<ServerName, JsonObjectBuilder> byServer = new LinkedHashMap<>();
        entries.forEach((user, value) -> {
            if (!user.isOn(here)) {
                byServer.computeIfAbsent(user.serverName(), _ -> JsonObject.builder())
                        .put(user.value(), value);
            }
        });
        if (byServer.size() > MOST_SERVERS) {
            throw new MatrixException(
                    MatrixError.invalidParam("One request is about users of at most " + MOST_SERVERS + " servers."));
        }
        Map<ServerName, JsonObject> built = new LinkedHashMap<>();
        byServer.forEach((server, users) -> built.put(server, users.build()));
        return built;
    }

    /** What a server says of its own users. */
    static JsonObject ofServer(JsonObject said, ServerName from) {
        return said.retain(
                name -> UserId.tryParse(name).filter(user -> user.isOn(from)).isPresent());
    }

    static JsonObject json(MatrixError error) {
        return JsonObject.builder()
                .put("errcode", error.errcode())
                .put("error", error.error())
                .put("status", error.status())
                .build();
    }

    /** The key of a cross-signing key, in base64; empty if it does not have exactly one key. */
    static Optional<String> publicKey(JsonObject crossSigningKey) {
        return crossSigningKey
                .object("keys")
                .filter(keys -> keys.size() == 1)
                .map(keys -> keys.names().getFirst())
                .filter(id -> id.startsWith(ED25519))
                .map(id -> id.substring(ED25519.length()));
    }
}
