package io.myelin.embedded;

/**
 * How to reach a database.
 *
 * @param url a JDBC address
 * @param user the role
 * @param password its password
 */
public record DatabaseLogin(String url, String user, String password) {
    @Override
    public String toString() {
        return user + " at " + url;
    }
}
