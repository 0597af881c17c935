package io.myelin.accountserver.keys;

import io.myelin.accountserver.account.UserKeys.KeySignature;
import io.myelin.accountserver.account.UserKeys.SignedMaster;
import io.myelin.accountserver.storage.StoredKeys.StoredDevice;
import io.myelin.matrix.id.UserId;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonObject;
import io.myelin.matrix.json.JsonParser;
import io.myelin.matrix.json.JsonRules;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Stored keys as others are shown them, in bytes. What is stored is canonical JSON; where it has the usual form, signatures
 * are put into its bytes without parsing them, since one answer may have tens of thousands of keys.
 */
final class ShownKeys {
    private static final byte[] SIGNATURES = ascii("\"signatures\":");

    private ShownKeys() {}

    /** A device's keys with the signature by the self-signing key, and with the device's name. */
    static byte[] device(StoredDevice device) {
        JsonObject unsigned = device.displayName() == null
                ? JsonObject.EMPTY
                : JsonObject.of("device_display_name", device.displayName());
        byte[] keys = device.keys().uploaded();
        KeySignature signature = device.keys().signature();
        int at = signature == null ? keys.length - 1 : signaturesOf(keys, device.user());
        if (at < 0 || signature != null && indexOf(keys, text(signature.keyId()), 0) >= 0) {
            JsonObject parsed = parse(keys);
            JsonObject signed = signature == null ? parsed : withSignature(parsed, device.user(), signature);
            return CanonicalJson.encode(signed.with("unsigned", unsigned));
        }
        var out = new ByteArrayOutputStream(keys.length + 256);
        out.write(keys, 0, at);
        if (signature != null) {
            out.writeBytes(text(signature.keyId()));
            out.write(':');
            out.writeBytes(text(signature.signature()));
            if (keys[at] != '}') {
                out.write(',');
            }
            out.write(keys, at, keys.length - 1 - at);
        }
        out.writeBytes(ascii(",\"unsigned\":"));
        out.writeBytes(CanonicalJson.encode(unsigned));
        out.write('}');
        return out.toByteArray();
    }

    /**
     * A cross-signing key with its owner's signatures, which all are shown, and that of the viewer.
     *
     * @param signed what the viewer has signed; null if that is not this key
     */
    static byte[] crossSigning(byte[] key, UserId owner, UserId viewer, @Nullable SignedMaster signed) {
        if (signed == null && isSignedByOwnerAlone(key, owner)) {
            return key;
        }
        JsonObject parsed = parse(key);
        JsonObject shown = parsed.object("signatures")
                .map(signatures -> parsed.with("signatures", signatures.retain(owner.value()::equals)))
                .orElse(parsed);
        return CanonicalJson.encode(withSignature(shown, viewer, signed));
    }

    /** A master key with the viewer's signature, if it is the one that the viewer has signed. */
    static JsonObject withSignature(JsonObject master, UserId viewer, @Nullable SignedMaster signed) {
        return signed == null
                        || !KeyNames.publicKey(master)
                                .filter(signed.key()::equals)
                                .isPresent()
                ? master
                : withSignature(master, viewer, signed.signature());
    }

    private static JsonObject withSignature(JsonObject key, UserId user, KeySignature signature) {
        JsonObject signatures = key.object("signatures").orElse(JsonObject.EMPTY);
        JsonObject theirs = signatures.object(user.value()).orElse(JsonObject.EMPTY);
        return key.with(
                "signatures", signatures.with(user.value(), theirs.with(signature.keyId(), signature.signature())));
    }

    private static JsonObject parse(byte[] key) {
        return JsonParser.parseObjectWithRareNames(key, JsonRules.LENIENT);
    }

    /** Whether the key certainly has no signatures but its owner's. */
    private static boolean isSignedByOwnerAlone(byte[] key, UserId owner) {
        if (indexOf(key, SIGNATURES, 0) < 0) {
            return true;
        }
        int at = signaturesOf(key, owner);
        if (at < 0) {
            return false;
        }
        boolean isInString = false;
        while (isInString || key[at] != '}') {
            if (!isInString && key[at] == '{') {
                return false;
            }
            if (key[at] == '\\') {
                at++;
            } else if (key[at] == '"') {
                isInString = !isInString;
            }
            at++;
        }
        return key[at + 1] == '}';
    }

    /**
     * Where the signatures of a user begin, which are the first of the key.
     *
     * @return -1 if the key has another form
     */
    private static int signaturesOf(byte[] key, UserId user) {
        int at = indexOf(key, SIGNATURES, 0);
        // The only such name, so it is the object's own and not one of an object in it.
        if (at < 1 || key[at - 1] != '{' && key[at - 1] != ',' || indexOf(key, SIGNATURES, at + 1) >= 0) {
            return -1;
        }
        byte[] first = ascii("{");
        int from = at + SIGNATURES.length;
        byte[] name = text(user.value());
        return startsWith(key, from, first)
                        && startsWith(key, from + 1, name)
                        && startsWith(key, from + 1 + name.length, ascii(":{"))
                ? from + name.length + 3
                : -1;
    }

    private static int indexOf(byte[] text, byte[] part, int from) {
        for (int at = from; at <= text.length - part.length; at++) {
            if (startsWith(text, at, part)) {
                return at;
            }
        }
        return -1;
    }

    private static boolean startsWith(byte[] text, int at, byte[] part) {
        if (at + part.length > text.length) {
            return false;
        }
        for (int i = 0; i < part.length; i++) {
            if (text[at + i] != part[i]) {
                return false;
            }
        }
        return true;
    }

    /** A JSON string. */
    private static byte[] text(String value) {
        return CanonicalJson.encode(Json.of(value));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
