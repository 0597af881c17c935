package io.myelin.accountserver.keys;

import io.myelin.accountserver.account.KeyLimits;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.KeyCommand.DeviceKey;
import io.myelin.contracts.account.KeyCommand.UploadKeys;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonNull;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonString;
import io.myelin.web.MatrixException;
import io.myelin.web.RequestFields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks what a device uploads. Client-server API, {@code POST /keys/upload}. */
public final class KeyUpload {
    private static final String FALLBACK = "fallback_keys";
    private static final String UNSTABLE_FALLBACK = "org.matrix.msc2732.fallback_keys";

    private KeyUpload() {}

    /** @throws MatrixException if the session has no device, or something has another shape or is too large */
    public static UploadKeys of(Session session, JsonObject body) {
        String device = session.device();
        if (device == null) {
            throw new MatrixException(
                    MatrixError.invalidParam("This session has no device, so it cannot upload keys of one."));
        }
        RequestFields request = RequestFields.of(body);
        return new UploadKeys(
                session.user(),
                device,
                deviceKeys(session, device, body),
                keys(request, "one_time_keys"),
                keys(request, request.has(FALLBACK) ? FALLBACK : UNSTABLE_FALLBACK));
    }

    private static byte @Nullable [] deviceKeys(Session session, String device, JsonObject body) {
        Json value = body.get("device_keys");
        if (value == null) {
            return null;
        }
        if (value == JsonNull.NULL) {
            throw KeyNames.badJson("'device_keys' must be an object.");
        }
        RequestFields keys = RequestFields.of(KeyNames.object("device_keys", value));
        require(keys, "user_id", session.user().value());
        require(keys, "device_id", device);
        if (keys.strings("algorithms") == null) {
            throw missing("algorithms");
        }
        JsonObject publicKeys = keys.object("keys");
        if (publicKeys == null) {
            throw missing("keys");
        }
        publicKeys.forEach((id, key) -> KeyNames.string(id, key));
        checkSignatures(keys);
        byte[] encoded = CanonicalJson.encode(keys.json().without("unsigned"));
        if (encoded.length > KeyLimits.DEVICE_KEYS_BYTES) {
            throw tooLarge("The keys of a device have at most " + KeyLimits.DEVICE_KEYS_BYTES + " bytes.");
        }
        return encoded;
    }

    private static void require(RequestFields keys, String name, String wanted) {
        String value = keys.string(name);
        if (value == null) {
            throw missing(name);
        }
        if (!value.equals(wanted)) {
            throw KeyNames.badJson("'device_keys." + name + "' must be that of the session, '" + wanted + "'.");
        }
    }

    private static MatrixException missing(String name) {
        return KeyNames.badJson("'device_keys." + name + "' is missing.");
    }

    private static void checkSignatures(RequestFields keys) {
        JsonObject signatures = keys.object("signatures");
        if (signatures == null) {
            throw missing("signatures");
        }
        signatures.forEach((user, theirs) ->
                KeyNames.object(user, theirs).forEach((id, signature) -> KeyNames.string(id, signature)));
    }

    private static List<DeviceKey> keys(RequestFields request, String field) {
        JsonObject uploaded = request.object(field);
        if (uploaded == null) {
            return List.of();
        }
        if (uploaded.size() > KeyLimits.ONE_TIME_KEYS) {
            throw tooLarge("'" + field + "' has at most " + KeyLimits.ONE_TIME_KEYS + " keys.");
        }
        List<DeviceKey> keys = new ArrayList<>(uploaded.size());
        uploaded.forEach((name, key) -> keys.add(key(field, name, key)));
        return keys;
    }

    private static DeviceKey key(String field, String name, Json key) {
        int colon = name.indexOf(':');
        if (colon < 0 || name.indexOf(':', colon + 1) >= 0) {
            throw KeyNames.badJson("A key of '" + field + "' is named '<algorithm>:<key ID>', not '" + name + "'.");
        }
        if (key instanceof JsonObject object) {
            if (object.string("key").isEmpty()) {
                throw KeyNames.badJson("'" + field + "." + name + ".key' must be a string.");
            }
        } else if (!(key instanceof JsonString)) {
            throw KeyNames.badJson("'" + field + "." + name + "' must be an object or a string.");
        }
        byte[] encoded = CanonicalJson.encode(key);
        if (encoded.length > KeyLimits.KEY_BYTES) {
            throw tooLarge("A key has at most " + KeyLimits.KEY_BYTES + " bytes.");
        }
        return new DeviceKey(
                KeyNames.checked("algorithm", name.substring(0, colon)),
                KeyNames.checked("key ID", name.substring(colon + 1)),
                encoded);
    }

    private static MatrixException tooLarge(String sentence) {
        return new MatrixException(400, "M_TOO_LARGE", sentence);
    }
}
