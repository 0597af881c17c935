package io.myelin.accountserver.config;

import io.myelin.accountserver.authentication.LoginLimits;
import io.myelin.accountserver.settings.AccountServerSettings;
import io.myelin.matrix.id.ServerName;
import io.myelin.settings.CurrentSettings;
import io.myelin.settings.Rate;
import io.myelin.settings.ServerSettings;
import io.myelin.web.AttemptLimit;
import io.myelin.web.RateLimits;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.ToIntFunction;

/** What the beans of account-server share: settings, limits of attempts, the clock and secure random numbers. */
final class AccountEnvironment {
    private final ServerSettings server;
    private final AccountServerSettings settings;
    private final CurrentSettings current;
    private final SecureRandom random = new SecureRandom();
    private final RateLimits rates;
    private final AttemptLimit guesses;
    private final AttemptLimit passwordsOfAddress;
    private final AttemptLimit newUsers;
    private final AttemptLimit authentications;
    private final AttemptLimit mails;
    private final AttemptLimit mailsOfAnHour;
    private final LoginLimits logins;

    AccountEnvironment(
            ServerSettings server, AccountServerSettings settings, CurrentSettings current, RateLimits rates) {
        this.server = server;
        this.settings = settings;
        this.current = current;
        this.rates = rates;
        this.guesses = limit("guesses", now -> now.limits().loginsPerMinute());
        this.passwordsOfAddress = limit("passwords", now -> now.passwords().perMinute());
        this.newUsers = limit("registration", now -> now.registration().perMinute());
        this.authentications = limit("authentications", now -> now.limits().authenticationsPerMinute());
        this.mails = limit("mails", now -> now.limits().mailsPerMinute());
        this.mailsOfAnHour =
                rates.of("mails of an hour", () -> mailsOfAnHour(now().limits().mailsPerMinute()));
        this.logins = new LoginLimits(
                rates.setting("login-per-address", () -> now().rateLimits().loginPerAddress()),
                rates.setting("login-per-account", () -> now().rateLimits().loginPerAccount()));
    }

    ServerSettings server() {
        return server;
    }

    ServerName serverName() {
        return ServerName.parse(server.serverName());
    }

    boolean testMode() {
        return server.testMode();
    }

    /** The settings of the start. */
    AccountServerSettings settings() {
        return settings;
    }

    /** What may change while the process runs is read here at each use. */
    AccountServerSettings now() {
        return current.of(AccountServerSettings.class);
    }

    InstantSource clock() {
        return InstantSource.system();
    }

    SecureRandom random() {
        return random;
    }

    /** @param action a name that no other limit of this service has */
    AttemptLimit limit(String action, ToIntFunction<AccountServerSettings> perMinute) {
        return rates.of(action, () -> Rate.perMinute(perMinute.applyAsInt(now())));
    }

    LoginLimits logins() {
        return logins;
    }

    /** Attempts to log in, and wrong tokens and secrets. */
    AttemptLimit guesses() {
        return guesses;
    }

    AttemptLimit passwordsOfAddress() {
        return passwordsOfAddress;
    }

    AttemptLimit newUsers() {
        return newUsers;
    }

    /** Sessions of user-interactive authentication. */
    AttemptLimit authentications() {
        return authentications;
    }

    AttemptLimit mails() {
        return mails;
    }

    AttemptLimit mailsOfAnHour() {
        return mailsOfAnHour;
    }

    /** As many at once as in a minute, but for long only twice as many in an hour. */
    private static Rate mailsOfAnHour(int perMinute) {
        return perMinute == 0 ? Rate.UNLIMITED : new Rate(perMinute, 2 * perMinute, Duration.ofHours(1));
    }
}
