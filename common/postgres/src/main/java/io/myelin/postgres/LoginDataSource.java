package io.myelin.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** Connections as {@link DatabaseLogin#connect} opens them, for those who want a data source. */
final class LoginDataSource extends AbstractDataSource {
    private final DatabaseLogin login;
    private final int answerSeconds;
    private final Map<String, String> more;
    private volatile int closeSeconds;

    LoginDataSource(DatabaseLogin login, int answerSeconds, Map<String, String> more) {
        this.login = login;
        this.answerSeconds = answerSeconds;
        this.more = Map.copyOf(more);
    }

    @Override
    public Connection getConnection() throws SQLException {
        return login.connect(answerSeconds, more);
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }

    /** A pool sets this, and asks for it when it closes: so long it waits then for connections that are being opened. */
    @Override
    public void setLoginTimeout(int seconds) {
        closeSeconds = seconds;
    }

    @Override
    public int getLoginTimeout() {
        return closeSeconds;
    }
}
