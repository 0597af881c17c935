package io.myelin.postgres.check;

/**
 * An invariant of which nobody knows whether it holds, since the database did not answer: that is no damage.
 *
 * @param schema such as {@code room}
 * @param invariant its name, such as {@code log-is-dense}
 * @param reason what the database says
 */
public record Unchecked(String schema, String invariant, String reason) {

    @Override
    public String toString() {
        return schema + ": " + invariant + " could not be checked: " + reason;
    }
}
