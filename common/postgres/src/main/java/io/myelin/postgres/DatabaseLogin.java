package io.myelin.postgres;

/**
 * How to reach a database.
 *
 * @param url JDBC's
 */
public record DatabaseLogin(String url, String user, String password) {

    @Override
    public String toString() {
        return user + " at " + url;
    }
}
