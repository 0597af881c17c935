package io.myelin.accountserver.registration;

import io.myelin.accountserver.settings.Sessions;
import io.myelin.contracts.account.AccountCommand;
import io.myelin.matrix.id.UserId;
import io.myelin.web.RequestFields;
import io.myelin.web.session.AccessToken;
import java.time.InstantSource;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Makes the devices and tokens of new sessions. */
public final class NewSessions {
    private static final int MAX_DEVICE_ID = 255;
    private static final int MAX_DISPLAY_NAME = 512;
    private static final int GENERATED_LENGTH = 10;

    private final Supplier<Sessions> settings;
    private final InstantSource clock;
    private final RandomGenerator random;

    /**
     * @param settings how long tokens are valid; asked for each session
     * @param random a generator that is fit for secrets
     */
    public NewSessions(Supplier<Sessions> settings, InstantSource clock, RandomGenerator random) {
        this.settings = settings;
        this.clock = clock;
        this.random = random;
    }

    /** The session that a login or registration asks for. */
    public NewSession of(UserId user, RequestFields request) {
        String device = request.string("device_id");
        if (device != null && (device.isEmpty() || device.length() > MAX_DEVICE_ID)) {
            throw request.refused("device_id", "must have 1 to " + MAX_DEVICE_ID + " characters");
        }
        return new NewSession(
                AccessToken.make(user, random),
                device == null ? generate() : device,
                displayName(request, "initial_device_display_name"),
                request.bool("refresh_token", false) ? tokens(user) : null);
    }

    /** A guest's session; a guest chooses nothing but the device's display name. */
    public NewSession ofGuest(UserId user, RequestFields request) {
        return new NewSession(
                AccessToken.make(user, random), generate(), displayName(request, "initial_device_display_name"), null);
    }

    /**
     * A session of a user that an administrator begins.
     *
     * @param until when it ends, in milliseconds since the epoch; null for one that stays
     */
    public NewSession ofAdministrator(UserId user, UserId administrator, @Nullable Long until) {
        // Nobody gets this refresh token: the session ends with its access token.
        AccessToken unused = AccessToken.makeRefreshToken(user, random);
        return new NewSession(
                AccessToken.make(user, random),
                generate(),
                "Administrator " + administrator,
                until == null
                        ? null
                        : new NewSession.Tokens(
                                unused,
                                until - clock.millis(),
                                new AccountCommand.RefreshTokens(until, unused.hash(), until)));
    }

    /** A refresh token, and how long it and its access token are valid. */
    public NewSession.Tokens tokens(UserId user) {
        Sessions now = settings.get();
        long accessMillis = now.accessTokenLifetime().toMillis();
        long refreshMillis = now.refreshTokenLifetime().toMillis();
        AccessToken refreshToken = AccessToken.makeRefreshToken(user, random);
        return new NewSession.Tokens(
                refreshToken,
                accessMillis,
                new AccountCommand.RefreshTokens(
                        clock.millis() + accessMillis,
                        refreshToken.hash(),
                        refreshMillis == 0 ? 0 : clock.millis() + refreshMillis));
    }

    /** An access token for a session that goes on. */
    public AccessToken accessToken(UserId user) {
        return AccessToken.make(user, random);
    }

    public static @Nullable String displayName(RequestFields request, String field) {
        String name = request.string(field);
        if (name != null && name.length() > MAX_DISPLAY_NAME) {
            throw request.refused(field, "must have at most " + MAX_DISPLAY_NAME + " characters");
        }
        return name;
    }

    private String generate() {
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < GENERATED_LENGTH; i++) {
            id.append((char) ('A' + random.nextInt(26)));
        }
        return id.toString();
    }
}
