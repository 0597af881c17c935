package io.myelin.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.postgresql.Driver;

/**
 * How to reach a database. If the URL names several servers, or its only one is a standby, connections are made to the
 * primary alone, whichever server that is at the time.
 *
 * @param url JDBC's; its parameters override those that this class sets
 */
public record DatabaseLogin(String url, String user, String password) {

    /** A server that does not say whether it encrypts is asked without encryption after this time. */
    private static final int ENCRYPTION_SECONDS = 2;

    /** A server that accepts a connection, and says nothing while it should log in, is passed over after this time. */
    private static final int SILENT_SECONDS = 5;

    /** What one server may cost, so that the next one is tried. */
    private static final int SERVER_SECONDS = 10;

    private static final int MILLIS = 1000;

    /** The properties that all connections have in common while they log in, by pgjdbc's names. */
    private Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("targetServerType", "primary");
        // KeptAliveSockets say how long a server may take.
        properties.setProperty("connectTimeout", "0");
        properties.setProperty("sslResponseTimeout", Integer.toString(MILLIS * ENCRYPTION_SECONDS));
        properties.setProperty("socketTimeout", Integer.toString(SILENT_SECONDS));
        properties.setProperty("loginTimeout", Integer.toString((servers() + 1) * SERVER_SECONDS));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("socketFactory", KeptAliveSockets.class.getName());
        return properties;
    }

    private int servers() {
        Properties parsed = Driver.parseURL(url, null);
        String hosts = parsed == null ? "" : parsed.getProperty("PGHOST", "");
        return 1 + (int) hosts.chars().filter(character -> character == ',').count();
    }

    /**
     * Opens a connection.
     *
     * @param answerSeconds how long the database may be silent before the connection is broken; 0 as long as its machine
     *     is there
     * @param more of pgjdbc's properties
     */
    public Connection connect(int answerSeconds, Map<String, String> more) throws SQLException {
        Properties properties = properties();
        more.forEach(properties::setProperty);
        return answering(DriverManager.getConnection(url, properties), answerSeconds);
    }

    /** Sets how long the database may be silent, unless the URL says it. */
    private static Connection answering(Connection connection, int seconds) throws SQLException {
        if (connection.getNetworkTimeout() == MILLIS * SILENT_SECONDS) {
            connection.setNetworkTimeout(Runnable::run, MILLIS * seconds);
        }
        return connection;
    }

    /** Whether the driver understands this URL. If it does not, its message repeats the URL, perhaps with a password. */
    public static boolean isAddress(String url) {
        return Driver.parseURL(url, null) != null;
    }

    /**
     * Whether the database takes connections.
     *
     * @throws SQLException why it does not
     */
    public boolean answers(Duration patience) throws SQLException {
        int seconds = (int) Math.max(1, patience.toSeconds());
        try (Connection connection = connect(seconds, Map.of("socketTimeout", Integer.toString(seconds)))) {
            return connection.isValid(seconds);
        }
    }

    /** Without the URL's parameters, which may name a password. */
    @Override
    public String toString() {
        return user + " at " + url.replaceFirst("\\?.*", "");
    }
}
