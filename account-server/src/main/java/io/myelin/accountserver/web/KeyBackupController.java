package io.myelin.accountserver.web;

import io.myelin.accountserver.backup.KeyBackups;
import io.myelin.accountserver.backup.KeyBackups.KeyBackup;
import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.AccountAnswer;
import io.myelin.contracts.account.KeyBackupCommand;
import io.myelin.contracts.account.Session;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.AttemptLimit;
import io.myelin.web.Body;
import io.myelin.web.JsonResponse;
import io.myelin.web.MatrixException;
import io.myelin.web.NoGuests;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/** The versions of a key backup. Client-server API, "Server-side key backups". */
@RestController
public class KeyBackupController {
    private static final String V3 = "/_matrix/client/v3/room_keys/version";
    private static final String R0 = "/_matrix/client/r0/room_keys/version";
    private static final String UNSTABLE = "/_matrix/client/unstable/room_keys/version";
    private static final int MAX_ALGORITHM = 255;
    private static final int MAX_AUTH_DATA = 65_536;

    private final Commands commands;
    private final KeyBackups backups;
    private final AttemptLimit attempts;

    /** @param attempts of each user to make or change a version */
    public KeyBackupController(Commands commands, KeyBackups backups, AttemptLimit attempts) {
        this.commands = commands;
        this.backups = backups;
        this.attempts = attempts;
    }

    @NoGuests
    @PostMapping({V3, R0, UNSTABLE})
    JsonResponse create(Session session, @Body(decimals = true) JsonObject body) {
        var create = new KeyBackupCommand.CreateKeyBackup(session.user(), algorithm(body), authData(body));
        attempts.attempt(session.user().value());
        var created = (AccountAnswer.KeyBackupChanged) commands.execute(create);
        return JsonResponse.of(200, JsonObject.of("version", String.valueOf(created.version())));
    }

    @NoGuests
    @GetMapping({V3, R0, UNSTABLE})
    byte[] current(Session session) {
        return describe(session, null);
    }

    @NoGuests
    @GetMapping({V3 + "/{version}", R0 + "/{version}", UNSTABLE + "/{version}"})
    byte[] version(Session session, @PathVariable String version) {
        return describe(session, number(version));
    }

    private byte[] describe(Session session, @Nullable Long number) {
        KeyBackup backup = backups.version(session.user(), number).orElseThrow(KeyBackupController::unknown);
        return BackupJson.version(backup);
    }

    @NoGuests
    @PutMapping({V3 + "/{version}", R0 + "/{version}", UNSTABLE + "/{version}"})
    JsonResponse update(Session session, @PathVariable String version, @Body(decimals = true) JsonObject body) {
        if (body.has("version") && !body.string("version").equals(Optional.of(version))) {
            throw new MatrixException(MatrixError.invalidParam("'version' must be the one of the path."));
        }
        var update =
                new KeyBackupCommand.UpdateKeyBackup(session.user(), number(version), algorithm(body), authData(body));
        attempts.attempt(session.user().value());
        commands.execute(update);
        return JsonResponse.DONE;
    }

    @NoGuests
    @DeleteMapping({V3 + "/{version}", R0 + "/{version}", UNSTABLE + "/{version}"})
    JsonResponse delete(Session session, @PathVariable String version) {
        commands.execute(new KeyBackupCommand.DeleteKeyBackup(session.user(), number(version)));
        return JsonResponse.DONE;
    }

    /** The number of a version, as it was given to the client. */
    static long number(String version) {
        if (version.isEmpty() || version.length() > 18 || !version.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw unknown();
        }
        return Long.parseLong(version);
    }

    static MatrixException unknown() {
        return new MatrixException(MatrixError.notFound("There is no such key backup."));
    }

    private static String algorithm(JsonObject body) {
        String algorithm = BackupJson.string(body, "algorithm");
        if (algorithm.length() > MAX_ALGORITHM) {
            throw new MatrixException(
                    MatrixError.invalidParam("'algorithm' has at most " + MAX_ALGORITHM + " characters."));
        }
        return algorithm;
    }

    private static byte[] authData(JsonObject body) {
        byte[] data = BackupJson.opaque(body, "auth_data");
        if (data.length > MAX_AUTH_DATA) {
            throw new MatrixException(413, "M_TOO_LARGE", "'auth_data' has at most " + MAX_AUTH_DATA + " bytes.");
        }
        return data;
    }
}
