package io.myelin.accountserver.registration;

import io.myelin.contracts.account.AccountCommand;
import io.myelin.matrix.id.UserId;
import io.myelin.web.RequestFields;
import io.myelin.web.session.AccessToken;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A session that is about to begin: the parts that the client gets, and the parts that are stored. */
public record NewSession(
        AccessToken token, String device, @Nullable String displayName) {
    private static final int MAX_DEVICE_ID = 255;
    private static final int MAX_DISPLAY_NAME = 512;
    private static final int GENERATED_LENGTH = 10;

    /** The session that a login or registration asks for. */
    public static NewSession of(UserId user, RequestFields request, RandomGenerator random) {
        String device = request.string("device_id");
        if (device != null && (device.isEmpty() || device.length() > MAX_DEVICE_ID)) {
            throw request.refused("device_id", "must have 1 to " + MAX_DEVICE_ID + " characters");
        }
        return new NewSession(
                AccessToken.make(user, random),
                device == null ? generate(random) : device,
                displayName(request, "initial_device_display_name"));
    }

    /** A guest's session; a guest chooses nothing but the device's display name. */
    public static NewSession ofGuest(UserId user, RequestFields request, RandomGenerator random) {
        return new NewSession(
                AccessToken.make(user, random), generate(random), displayName(request, "initial_device_display_name"));
    }

    public static @Nullable String displayName(RequestFields request, String field) {
        String name = request.string(field);
        if (name != null && name.length() > MAX_DISPLAY_NAME) {
            throw request.refused(field, "must have at most " + MAX_DISPLAY_NAME + " characters");
        }
        return name;
    }

    public AccountCommand.NewDevice toKeep() {
        return new AccountCommand.NewDevice(device, displayName, token.hash());
    }

    private static String generate(RandomGenerator random) {
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < GENERATED_LENGTH; i++) {
            id.append((char) ('A' + random.nextInt(26)));
        }
        return id.toString();
    }
}
