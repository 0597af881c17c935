package io.myelin.accountserver.web;

import io.myelin.accountserver.backup.KeyBackups.KeyBackup;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.KeyBackupCommand.BackedUpKey;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.matrix.json.Json;
import io.myelin.matrix.json.JsonNull;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.JsonWriter;
import io.myelin.web.MatrixException;
import java.util.ArrayList;
import java.util.List;

/** The JSON of key backups. */
final class BackupJson {
    private static final int MAX_NAME = 255;
    private static final int MAX_DATA = 65_536;

    private BackupJson() {}

    static byte[] version(KeyBackup backup) {
        JsonWriter out = new JsonWriter(1_024);
        out.beginObject()
                .field("algorithm", backup.algorithm())
                .field("auth_data", backup.authData())
                .field("count", backup.count())
                .field("etag", String.valueOf(backup.etag()))
                .field("version", String.valueOf(backup.version()))
                .endObject();
        return out.toBytes();
    }

    static void write(JsonWriter out, BackedUpKey key) {
        out.beginObject()
                .field("first_message_index", key.firstMessageIndex())
                .field("forwarded_count", key.forwardedCount())
                .field("is_verified", key.verified())
                .field("session_data", key.data())
                .endObject();
    }

    /** The keys of a body of all rooms. */
    static List<BackedUpKey> ofRooms(JsonObject body) {
        List<BackedUpKey> keys = new ArrayList<>();
        object(body, "rooms").forEach((room, sessions) -> keys.addAll(ofRoom(room, asObject(room, sessions))));
        return keys;
    }

    static List<BackedUpKey> ofRoom(String room, JsonObject body) {
        List<BackedUpKey> keys = new ArrayList<>();
        object(body, "sessions").forEach((session, key) -> keys.add(key(room, session, asObject(session, key))));
        return keys;
    }

    static BackedUpKey key(String room, String session, JsonObject key) {
        name(room);
        name(session);
        byte[] data = opaque(key, "session_data");
        if (data.length > MAX_DATA) {
            throw new MatrixException(413, "M_TOO_LARGE", "'session_data' has at most " + MAX_DATA + " bytes.");
        }
        if (key.get("is_verified") == null) {
            throw missing("is_verified");
        }
        boolean verified = key.bool("is_verified").orElseThrow(() -> wrong("is_verified", "true or false"));
        return new BackedUpKey(
                room, session, count(key, "first_message_index"), count(key, "forwarded_count"), verified, data);
    }

    /** Any JSON but null: it is the client's own. The specification has objects, and older clients send strings. */
    static byte[] opaque(JsonObject object, String name) {
        Json value = object.get(name);
        if (value == null || value == JsonNull.NULL) {
            throw missing(name);
        }
        return CanonicalJson.encode(value);
    }

    /** A room or session ID, which the server does not interpret. */
    static String name(String name) {
        if (name.length() > MAX_NAME || name.indexOf('\0') >= 0) {
            throw new MatrixException(
                    MatrixError.invalidParam("An ID has at most " + MAX_NAME + " characters, and no U+0000."));
        }
        return name;
    }

    private static long count(JsonObject object, String name) {
        Json value = object.get(name);
        if (value == null) {
            throw missing(name);
        }
        long number = object.integer(name).orElse(-1);
        if (number < 0) {
            throw wrong(name, "an integer that is not negative");
        }
        return number;
    }

    static JsonObject object(JsonObject object, String name) {
        Json value = object.get(name);
        if (value == null) {
            throw missing(name);
        }
        return asObject(name, value);
    }

    private static JsonObject asObject(String name, Json value) {
        if (value instanceof JsonObject object) {
            return object;
        }
        throw wrong(name, "an object");
    }

    static String string(JsonObject object, String name) {
        Json value = object.get(name);
        if (value == null) {
            throw missing(name);
        }
        String text = object.string(name).orElseThrow(() -> wrong(name, "a string"));
        if (text.indexOf('\0') >= 0) {
            throw wrong(name, "a string without U+0000");
        }
        return text;
    }

    private static MatrixException missing(String name) {
        return new MatrixException(new MatrixError(400, "M_MISSING_PARAM", "'" + name + "' is missing."));
    }

    private static MatrixException wrong(String name, String what) {
        return new MatrixException(MatrixError.invalidParam("'" + name + "' must be " + what + "."));
    }
}
