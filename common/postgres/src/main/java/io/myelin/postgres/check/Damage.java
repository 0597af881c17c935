package io.myelin.postgres.check;

/**
 * A place in a schema where an invariant does not hold.
 *
 * @param schema such as {@code room}
 * @param invariant its name, such as {@code log-is-dense}
 * @param place which rows, such as {@code shard 3, event 17}
 * @param what is wrong there
 * @param remedy a sentence: what the operator should do
 */
public record Damage(String schema, String invariant, String place, String what, String remedy) {

    @Override
    public String toString() {
        return schema + ", " + place + ": " + what + " (" + invariant + "). " + remedy;
    }
}
