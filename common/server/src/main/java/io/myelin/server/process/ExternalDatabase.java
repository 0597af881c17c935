package io.myelin.server.process;

import io.myelin.postgres.DatabaseLogin;
import io.myelin.settings.ConfigurationRefused;
import io.myelin.settings.DatabaseSettings;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.FixedBackOff;

/** A database that the configuration names, which may start later than this process. */
public final class ExternalDatabase {
    private static final Logger LOG = LoggerFactory.getLogger(ExternalDatabase.class);
    private static final int LOOKS_BETWEEN_WORDS = 20;
    private static final BackOff PAUSES = new FixedBackOff(250, FixedBackOff.UNLIMITED_ATTEMPTS);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** The class of PostgreSQL's states for an unknown user, a wrong password, and a host that may not connect. */
    private static final String INVALID_AUTHORIZATION = "28";
    /** The driver's state where the server demands what the settings do not offer, such as a password. */
    private static final String CONNECTION_REJECTED = "08004";

    private static final String NO_SUCH_DATABASE = "3D000";

    private ExternalDatabase() {}

    /**
     * Waits until the database takes connections, and says in the log what it waits for.
     *
     * @param url {@code database.url}, or that of a service
     * @throws ConfigurationRefused if the database answers, and refuses this user, this password or the database's name:
     *     waiting would not help
     */
    public static DatabaseLogin await(DatabaseSettings settings, String url) {
        if (!DatabaseLogin.isAddress(url)) {
            throw new ConfigurationRefused(List.of(
                    "The address of a database cannot be read: it has to be like jdbc:postgresql://host:5432/database,"
                            + " and in user and password % is written as %25."));
        }
        var login = new DatabaseLogin(url, settings.user(), settings.givenPassword());
        var pauses = PAUSES.start();
        for (var look = 0; ; look++) {
            var trouble = trouble(login);
            if (trouble == null) {
                return login;
            }
            if (look % LOOKS_BETWEEN_WORDS == 0) {
                LOG.warn("Waiting for the database, {}: {}", login, trouble);
            }
            pause(pauses.nextBackOff());
        }
    }

    private static @Nullable String trouble(DatabaseLogin login) {
        try {
            return login.answers(PATIENCE) ? null : "it does not answer";
        } catch (SQLException e) {
            if (isRefusal(e)) {
                throw new ConfigurationRefused(List.of("The database refuses " + login + ": " + e.getMessage()
                        + ". See database.url," + " database.user and database.password (docs/configuration.md)."));
            }
            return e.getMessage();
        }
    }

    private static boolean isRefusal(SQLException failure) {
        var state = String.valueOf(failure.getSQLState());
        return state.startsWith(INVALID_AUTHORIZATION)
                || state.equals(CONNECTION_REJECTED)
                || state.equals(NO_SUCH_DATABASE);
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }
}
