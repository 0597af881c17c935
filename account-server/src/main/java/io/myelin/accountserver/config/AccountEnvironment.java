package io.myelin.accountserver.config;

import io.myelin.accountserver.settings.AccountServerSettings;
import io.myelin.matrix.id.ServerName;
import io.myelin.settings.CurrentSettings;
import io.myelin.settings.ServerSettings;
import io.myelin.web.AttemptLimit;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.ToIntFunction;

/** What the beans of account-server share: settings, limits of attempts, the clock and secure random numbers. */
final class AccountEnvironment {
    private final ServerSettings server;
    private final AccountServerSettings settings;
    private final CurrentSettings current;
    private final SecureRandom random = new SecureRandom();
    private final AttemptLimit guesses = limit(now -> now.limits().loginsPerMinute());
    private final AttemptLimit passwordsOfAddress = limit(now -> now.passwords().perMinute());
    private final AttemptLimit newUsers = limit(now -> now.registration().perMinute());
    private final AttemptLimit authentications = limit(now -> now.limits().authenticationsPerMinute());
    private final AttemptLimit mails = limit(now -> now.limits().mailsPerMinute());

    AccountEnvironment(ServerSettings server, AccountServerSettings settings, CurrentSettings current) {
        this.server = server;
        this.settings = settings;
        this.current = current;
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

    AttemptLimit limit(ToIntFunction<AccountServerSettings> perMinute) {
        return new AttemptLimit(() -> testMode() ? 0 : perMinute.applyAsInt(now()));
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
}
