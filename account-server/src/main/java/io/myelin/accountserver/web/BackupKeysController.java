package io.myelin.accountserver.web;

import io.myelin.accountserver.backup.KeyBackups;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.KeyBackupCommand;
import io.myelin.contracts.account.KeyBackupCommand.BackedUpKey;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.Body;
import io.myelin.web.JsonResponse;
import io.myelin.web.JsonWriter;
import io.myelin.web.MatrixException;
import io.myelin.web.NoGuests;
import io.myelin.web.StreamedJson;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The keys of a key backup: all, of a room, and of a session. Client-server API, "Server-side key backups". */
@RestController
public class BackupKeysController {
    private static final String V3 = "/_matrix/client/v3/room_keys/keys";
    private static final String R0 = "/_matrix/client/r0/room_keys/keys";
    private static final String UNSTABLE = "/_matrix/client/unstable/room_keys/keys";
    private static final String ROOM = "/{room}";
    private static final String KEY = "/{room}/{session}";

    /** How many keys are read from the database at once while an answer is sent. */
    private static final int PAGE = 200;

    private final Commands commands;
    private final KeyBackups backups;

    public BackupKeysController(Commands commands, KeyBackups backups) {
        this.commands = commands;
        this.backups = backups;
    }

    @NoGuests
    @PutMapping({V3, R0, UNSTABLE})
    JsonResponse put(Session session, @RequestParam String version, @Body(decimals = true) JsonObject body) {
        return put(session, version, BackupJson.ofRooms(body));
    }

    @NoGuests
    @PutMapping({V3 + ROOM, R0 + ROOM, UNSTABLE + ROOM})
    JsonResponse putOfRoom(
            Session session,
            @PathVariable String room,
            @RequestParam String version,
            @Body(decimals = true) JsonObject body) {
        return put(session, version, BackupJson.ofRoom(room, body));
    }

    @NoGuests
    @PutMapping({V3 + KEY, R0 + KEY, UNSTABLE + KEY})
    JsonResponse putOne(
            Session session,
            @PathVariable String room,
            @PathVariable("session") String id,
            @RequestParam String version,
            @Body(decimals = true) JsonObject body) {
        return put(session, version, List.of(BackupJson.key(room, id, body)));
    }

    private JsonResponse put(Session session, String version, List<BackedUpKey> keys) {
        long number = KeyBackupController.number(version);
        return changed(commands.execute(new KeyBackupCommand.AddBackupKeys(session.user(), number, keys)));
    }

    @NoGuests
    @DeleteMapping({V3, R0, UNSTABLE})
    JsonResponse delete(Session session, @RequestParam String version) {
        return delete(session, version, null, null);
    }

    @NoGuests
    @DeleteMapping({V3 + ROOM, R0 + ROOM, UNSTABLE + ROOM})
    JsonResponse deleteOfRoom(Session session, @PathVariable String room, @RequestParam String version) {
        return delete(session, version, BackupJson.name(room), null);
    }

    @NoGuests
    @DeleteMapping({V3 + KEY, R0 + KEY, UNSTABLE + KEY})
    JsonResponse deleteOne(
            Session session,
            @PathVariable String room,
            @PathVariable("session") String id,
            @RequestParam String version) {
        return delete(session, version, BackupJson.name(room), BackupJson.name(id));
    }

    private JsonResponse delete(Session session, String version, @Nullable String room, @Nullable String id) {
        long number = KeyBackupController.number(version);
        return changed(commands.execute(new KeyBackupCommand.DeleteBackupKeys(session.user(), number, room, id)));
    }

    private static JsonResponse changed(AccountAnswer answer) {
        return switch (answer) {
            case AccountAnswer.KeyBackupChanged changed ->
                JsonResponse.of(
                        200,
                        JsonObject.builder()
                                .put("count", changed.count())
                                .put("etag", String.valueOf(changed.etag()))
                                .build());
            case AccountAnswer.WrongKeyBackup wrong ->
                throw new MatrixException(
                        403,
                        JsonObject.builder()
                                .put("errcode", "M_WRONG_ROOM_KEYS_VERSION")
                                .put("error", "This key backup is not the current one, which takes the keys.")
                                .put("current_version", String.valueOf(wrong.current()))
                                .build());
            default -> throw new IllegalStateException("A backup was not answered by " + answer);
        };
    }

    @NoGuests
    @GetMapping({V3, R0, UNSTABLE})
    StreamedJson all(Session session, @RequestParam String version) {
        long number = existing(session, version);
        return out -> {
            out.beginObject().name("rooms").beginObject();
            String room = null;
            BackedUpKey last = null;
            List<BackedUpKey> page;
            do {
                page = backups.keys(session.user(), number, null, last, PAGE);
                for (BackedUpKey key : page) {
                    if (!key.room().equals(room)) {
                        endRoom(out, room);
                        room = key.room();
                        out.name(room).beginObject().name("sessions").beginObject();
                    }
                    out.name(key.session());
                    BackupJson.write(out, key);
                    last = key;
                }
            } while (page.size() == PAGE);
            endRoom(out, room);
            out.endObject().endObject();
        };
    }

    private static void endRoom(JsonWriter out, @Nullable String room) {
        if (room != null) {
            out.endObject().endObject();
        }
    }

    @NoGuests
    @GetMapping({V3 + ROOM, R0 + ROOM, UNSTABLE + ROOM})
    StreamedJson ofRoom(Session session, @PathVariable String room, @RequestParam String version) {
        BackupJson.name(room);
        long number = existing(session, version);
        return out -> {
            out.beginObject().name("sessions").beginObject();
            BackedUpKey last = null;
            List<BackedUpKey> page;
            do {
                page = backups.keys(session.user(), number, room, last, PAGE);
                for (BackedUpKey key : page) {
                    out.name(key.session());
                    BackupJson.write(out, key);
                    last = key;
                }
            } while (page.size() == PAGE);
            out.endObject().endObject();
        };
    }

    @NoGuests
    @GetMapping({V3 + KEY, R0 + KEY, UNSTABLE + KEY})
    byte[] one(
            Session session,
            @PathVariable String room,
            @PathVariable("session") String id,
            @RequestParam String version) {
        BackedUpKey key = backups.key(
                        session.user(), existing(session, version), BackupJson.name(room), BackupJson.name(id))
                .orElseThrow(
                        () -> new MatrixException(MatrixError.notFound("The key backup has no key of this session.")));
        JsonWriter out = new JsonWriter(1_024);
        BackupJson.write(out, key);
        return out.toBytes();
    }

    /** The number of a version that exists. */
    private long existing(Session session, String version) {
        long number = KeyBackupController.number(version);
        return backups.version(session.user(), number)
                .orElseThrow(KeyBackupController::unknown)
                .version();
    }
}
